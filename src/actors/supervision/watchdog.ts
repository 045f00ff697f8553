import { RunError } from '../../events/errors.js'
import type { Clock } from '../../streams/clock.js'
import type { Partition } from '../partition/partition.js'
import type { PartitionStatus, Wait } from '../partition/status.js'

export interface WatchdogOptions {
  readonly partitions: readonly Pick<Partition, 'status'>[]
  /** After so many ms in which nothing happens a run is stuck; Infinity: never. */
  readonly limit: number
  readonly clock: Clock
  readonly onStall: (error: RunError) => void
}

const LOOKS_PER_LIMIT = 4

/**
 * Looks after runs that stand still. A partition that computes does not tell its status before it is done, so if all have
 * told it, again and again, and no message has come or gone meanwhile, nothing will ever happen any more. Looks are counted,
 * not the time, so that a process that slept looks as often as any other before it says so.
 *
 * Returns what ends the watch.
 */
export function startWatchdog({ partitions, limit, clock, onStall }: WatchdogOptions): () => void {
  if (limit === Number.POSITIVE_INFINITY) return () => undefined
  let isLooking = false
  let seen = ''
  /** So many looks in a row have seen the same. */
  let looks = 0

  async function look(): Promise<void> {
    const statuses = await Promise.all(partitions.map((partition) => partition.status()))
    const now = statuses.map(({ run, progress }) => `${run}:${progress}`).join(' ')
    if (now !== seen || statuses.every(({ run }) => run === null)) {
      seen = now
      looks = 0
    } else if (++looks === LOOKS_PER_LIMIT) {
      end()
      onStall(stalled(statuses, limit))
    }
  }

  const end = clock.every(limit / LOOKS_PER_LIMIT, () => {
    if (isLooking) return
    isLooking = true
    void look()
      // Where a partition cannot answer any more the cluster is at its end.
      .catch(() => end())
      .finally(() => {
        isLooking = false
      })
  })
  return end
}

function stalled(statuses: readonly PartitionStatus[], limit: number): RunError {
  const run = statuses.find((status) => status.run !== null)?.run ?? 0
  const waits = statuses.flatMap((status) => status.waits)
  const root = rootOf(waits)
  const still = `Run ${run} has stood still for ${limit} ms, though no core computes`
  if (root === null) return new RunError({ code: 'RUN_STALLED', message: `${still}.`, details: { run } })
  const { core, actor, state, link, stream, awaited, watermark } = root
  const more = waits.length === 1 ? '' : ` ${waits.length - 1} more wait, for this or for what follows from it.`
  return new RunError({
    code: 'RUN_STALLED',
    message: `${still}: on core ${core} "${actor}" (${state}) waits for ${awaited} of "${stream}" over the link ${link}, whose watermark is ${watermark} ms.${more}`,
    details: { run, core, actor, link, stream, watermark },
    remedy: 'Report it, with the network, if it comes again.',
  })
}

/** The wait that causes the others: of the first kind that occurs, one whose sender does not wait itself. */
function rootOf(waits: readonly Wait[]): Wait | null {
  for (const awaited of ['spikes', 'gradients', 'a vector'] as const) {
    const alike = waits.filter((wait) => wait.awaited === awaited).sort((a, b) => a.watermark - b.watermark)
    const waiting = new Set(alike.flatMap(({ actor }) => actor.split('+')))
    const root = alike.find(({ sender }) => !sender.split('+').some((name) => waiting.has(name))) ?? alike[0]
    if (root !== undefined) return root
  }
  return null
}
