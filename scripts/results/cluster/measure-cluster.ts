import { availableParallelism } from 'node:os'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../../../test/support/many-machines.js'
import { whyNoMachines } from '../../../test/support/namespaces.js'
import { round } from '../figure.js'
import { LINK_KINDS, type LinkKind } from './link-kinds.js'

/** What one training on workers took. */
export interface ClusterRow {
  readonly links: LinkKind['name']
  readonly workers: number
  /** Of training, without validation; the median of the epochs behind the first one. */
  readonly secondsPerEpoch: number
  /** In an epoch, over the network between the machines, with all that carries them. */
  readonly megabytesPerEpoch: number
  readonly digest: string
}

/** What results/cluster.json holds. */
export interface ClusterResults {
  readonly command: string
  readonly cores: number
  readonly rows: readonly ClusterRow[]
}

const WORKERS = [1, 2, 4] as const
/** The first one is not counted. */
const EPOCHS = 4
const SAMPLES = 5000
const COMMAND = ['train', 'yin-yang', '--epochs', String(EPOCHS), '--seed', '1']

/**
 * Trains on one worker and on more, each in a namespace of the network on this machine, over each kind of links. All come to
 * the same digest, or it raises an error.
 */
export async function measureCluster(say: (line: string) => void): Promise<ClusterResults> {
  const missing = whyNoMachines()
  if (missing !== null) throw new Error(`machines of one's own ${missing}`)
  const rows: ClusterRow[] = []
  for (const kind of LINK_KINDS)
    for (const workers of WORKERS) {
      const row = await measure(kind, workers)
      say(`${row.links}, ${workers} workers: ${row.secondsPerEpoch} s and ${row.megabytesPerEpoch} MB an epoch`)
      rows.push(row)
    }
  const digests = new Set(rows.map(({ digest }) => digest))
  if (digests.size !== 1) throw new Error(`found the digests ${[...digests].join(', ')}, expected one`)
  const command = `antidrome ${COMMAND.join(' ')} --cores WORKERS --join nats://HOST`
  return { command, cores: availableParallelism(), rows }
}

async function measure({ name, worker, coordinator }: LinkKind, workers: number): Promise<ClusterRow> {
  await using machines = await openManyMachines({ workers })
  await Promise.all(Array.from({ length: workers }, (_, k) => machines.startWorker(k, { flags: worker })))
  const spread = ['--json', '--cores', String(workers), ...machines.joining, ...coordinator]
  const training = machines.command([...COMMAND, ...spread])
  const before = await bytesWhen(machines, training, 1)
  const after = await bytesWhen(machines, training, EPOCHS)
  const { code, out, err } = await training.ended
  if (code !== 0) throw new Error(`the training over ${name} ended with ${code}: ${err}`)
  const lines = out.trimEnd().split('\n')
  const told = lines.map((line) => JSON.parse(line) as { readonly samplesPerSecond?: number; readonly digest?: string })
  const seconds = told.flatMap(({ samplesPerSecond }) =>
    samplesPerSecond === undefined ? [] : [SAMPLES / samplesPerSecond],
  )
  const steady = seconds.slice(1).toSorted((a, b) => a - b)
  return {
    links: name,
    workers,
    secondsPerEpoch: round(steady[steady.length >> 1] ?? Number.NaN, 2),
    megabytesPerEpoch: round((after - before) / (EPOCHS - 1) / 1e6, 2),
    digest: told.at(-1)?.digest ?? '',
  }
}

/** Bytes that have gone over the network when an epoch is done: each leaves one machine and reaches another. */
async function bytesWhen(machines: ManyMachines, training: RunningCommand, epoch: number): Promise<number> {
  await training.says(`"epoch":${epoch},`)
  const { server, coordinator, workers } = machines.places
  return [server, coordinator, ...workers].reduce((sum, place) => sum + machines.bytesOf(place), 0) / 2
}
