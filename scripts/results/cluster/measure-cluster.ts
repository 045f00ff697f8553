import { availableParallelism } from 'node:os'
import { type ManyMachines, openManyMachines, type RunningCommand } from '../../../test/support/many-machines.js'
import { whyNoMachines } from '../../../test/support/namespaces.js'
import { round } from '../figure.js'
import { LINK_KINDS, type LinkKind, PLAIN } from './link-kinds.js'

/** What one training on workers took. */
export interface ClusterRow {
  readonly links: LinkKind['name']
  readonly workers: number
  /** Copies of the network, each on an equal number of these workers. */
  readonly replicas: number
  /** Samples of a mini-batch. */
  readonly batch: number
  /** Of training, without validation; the median of the epochs behind the first one. */
  readonly secondsPerEpoch: number
  /** In an epoch, over the network between the machines, with all that carries them. */
  readonly megabytesPerEpoch: number
  /** The same for each training step. */
  readonly kilobytesPerStep: number
  readonly digest: string
}

/** What results/cluster.json holds. */
export interface ClusterResults {
  readonly command: string
  readonly cores: number
  readonly rows: readonly ClusterRow[]
}

/** What is trained, and on what. */
type Subject = Pick<ClusterRow, 'workers' | 'replicas' | 'batch'> & { readonly kind: LinkKind }

const SUBJECTS: readonly Subject[] = [
  ...LINK_KINDS.flatMap((kind) => [1, 2, 4].map((workers) => ({ kind, workers, replicas: 1, batch: 32 }))),
  // Of four chunks of trials, so that four replicas can share them.
  ...[1, 2, 4].flatMap((workers) =>
    [1, 2, 4]
      .filter((replicas) => replicas <= workers)
      .map((replicas) => ({ kind: PLAIN, workers, replicas, batch: 128 })),
  ),
]
/** The first one is not counted. */
const EPOCHS = 4
const SAMPLES = 5000
const COMMAND = ['train', 'yin-yang', '--epochs', String(EPOCHS), '--seed', '1']

/**
 * Trains on one worker and on more, each in a namespace of the network on this machine: a network over each kind of links,
 * and replicas. All with the same mini-batches come to the digest of one process, or it raises an error.
 */
export async function measureCluster(say: (line: string) => void): Promise<ClusterResults> {
  const missing = whyNoMachines()
  if (missing !== null) throw new Error(`machines of one's own ${missing}`)
  const rows: ClusterRow[] = []
  const expected = new Map<number, string>()
  for (const subject of SUBJECTS) {
    const { workers, replicas, batch } = subject
    const row = await measure(subject)
    const spread = `${workers} workers, ${replicas} replicas, batch ${batch}`
    say(`${row.links}, ${spread}: ${row.secondsPerEpoch} s and ${row.megabytesPerEpoch} MB an epoch`)
    if (!expected.has(batch)) expected.set(batch, await digestHere(batch))
    if (row.digest !== expected.get(batch))
      throw new Error(`${spread}: found the digest ${row.digest}, expected ${expected.get(batch)}`)
    rows.push(row)
  }
  const command = `antidrome ${COMMAND.join(' ')} --batch BATCH --replicas REPLICAS --cores CORES --join nats://HOST`
  return { command, cores: availableParallelism(), rows }
}

async function measure({ kind, workers, replicas, batch }: Subject): Promise<ClusterRow> {
  const { name, worker, coordinator } = kind
  await using machines = await openManyMachines({ workers })
  await Promise.all(Array.from({ length: workers }, (_, k) => machines.startWorker(k, { flags: worker })))
  const grid = ['--replicas', String(replicas), '--cores', String(workers / replicas)]
  const training = machines.command([...argumentsOf(batch), ...grid, ...machines.joining, ...coordinator])
  const before = await bytesWhen(machines, training, 1)
  const after = await bytesWhen(machines, training, EPOCHS)
  const lines = await linesOf(training)
  const seconds = lines.flatMap(({ samplesPerSecond }) =>
    samplesPerSecond === undefined ? [] : [SAMPLES / samplesPerSecond],
  )
  const steady = seconds.slice(1).toSorted((a, b) => a - b)
  const megabytes = (after - before) / (EPOCHS - 1) / 1e6
  return {
    ...{ links: name, workers, replicas, batch },
    secondsPerEpoch: round(steady[steady.length >> 1] ?? Number.NaN, 2),
    megabytesPerEpoch: round(megabytes, 2),
    kilobytesPerStep: round((1000 * megabytes) / Math.ceil(SAMPLES / batch), 1),
    digest: lines.at(-1)?.digest ?? '',
  }
}

/** What one process of this machine comes to. */
async function digestHere(batch: number): Promise<string> {
  await using machines = await openManyMachines({ workers: 0 })
  return (await linesOf(machines.command(argumentsOf(batch)))).at(-1)?.digest ?? ''
}

function argumentsOf(batch: number): readonly string[] {
  return [...COMMAND, '--batch', String(batch), '--json']
}

/** The lines that a training writes, which must end well. */
async function linesOf(training: RunningCommand) {
  const { code, out, err } = await training.ended
  if (code !== 0) throw new Error(`a training ended with ${code}: ${err}`)
  const lines = out.trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as { readonly samplesPerSecond?: number; readonly digest?: string })
}

/** Bytes that have gone over the network when an epoch is done: each leaves one machine and reaches another. */
async function bytesWhen(machines: ManyMachines, training: RunningCommand, epoch: number): Promise<number> {
  await training.says(`"epoch":${epoch},`)
  const { server, coordinator, workers } = machines.places
  return [server, coordinator, ...workers].reduce((sum, place) => sum + machines.bytesOf(place), 0) / 2
}
