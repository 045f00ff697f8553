import { RunError } from '../../events/errors.js'
import type { Clock } from '../../streams/clock.js'
import type { OwedReply, RemotePartition } from '../partition/remote/remote-partition.js'
import type { PartitionStatus, Wait } from '../partition/status.js'
import { nameOfCore, nameOfCores, type Whereabouts } from './name-of-cores.js'

/** A partition, and what it has yet to reply to. */
type WatchedPartition = Pick<RemotePartition, 'core' | 'status'> & Partial<Pick<RemotePartition, 'owed'>>

export interface WatchdogOptions extends Pick<Whereabouts, 'each'> {
  readonly partitions: readonly WatchedPartition[]
  /** A run in which nothing happens for this many ms is stuck; Infinity: never. */
  readonly limit: number
  readonly clock: Clock
  readonly onStall: (error: RunError) => void
}

const LOOKS_PER_LIMIT = 4

/** A partition that computes, or loads what a user has written, replies within this number of limits. */
const MOST_LIMITS = 60

/** What may take as long as the code of a user does. */
const OF_USERS: readonly OwedReply['order'][] = ['prepare', 'prepareLoss']

/** What was seen, and how many looks after the first have seen the same. */
interface Unchanged {
  readonly seen: string
  readonly looks: number
}

/**
 * Detects runs that stand still. A partition that computes does not report its status before it is done. So if all have
 * reported it repeatedly, and no message has come or gone meanwhile, nothing will ever happen any more. The same holds
 * if a partition owes a reply to a call that it says it does nothing for, or reports no status at all for very long.
 * The watchdog counts looks, not time, so that a process that slept looks as often as any other before it reports a
 * stall.
 *
 * Returns what ends the watch.
 */
export function startWatchdog({ partitions, limit, each, clock, onStall }: WatchdogOptions): () => void {
  if (limit === Number.POSITIVE_INFINITY) return () => undefined
  /** Those whose status has not come since the look began, and how often another look was due meanwhile. */
  let asked: ReadonlySet<WatchedPartition> = new Set()
  let missed = 0
  let all: Unchanged | undefined
  const owing = new Map<number, Unchanged>()

  async function look(): Promise<void> {
    const left = new Set(partitions)
    asked = left
    missed = 0
    const statuses = await Promise.all(
      partitions.map(async (partition) => {
        const status = await partition.status()
        left.delete(partition)
        return { ...status, core: partition.core, owed: partition.owed?.() ?? null }
      }),
    )
    const error = statuses.map(unansweredBy).find((found) => found !== null) ?? stalledIn(statuses)
    if (error !== null) give(error)
  }

  /** What a partition owes that says it does nothing. */
  function unansweredBy({ core, run, progress, owed }: PartitionStatus & { core: number; owed: OwedReply | null }) {
    if (owed === null || run !== null) {
      owing.delete(core)
      return null
    }
    const own = seenAgain(owing.get(core), `${owed.id}:${progress}`)
    owing.set(core, own)
    const limits = OF_USERS.includes(owed.order) ? MOST_LIMITS : 1
    return hasLasted(own.looks, limits) ? unanswered(core, owed.order, limits * limit, each) : null
  }

  function stalledIn(statuses: readonly PartitionStatus[]): RunError | null {
    const now = statuses.map(({ run, progress }) => `${run}:${progress}`).join(' ')
    all = statuses.every(({ run }) => run === null) ? undefined : seenAgain(all, now)
    return all !== undefined && hasLasted(all.looks, 1) ? stalled(statuses, limit, each) : null
  }

  function give(error: RunError): void {
    end()
    onStall(error)
  }

  const end = clock.every(limit / LOOKS_PER_LIMIT, () => {
    const [silent] = asked
    if (silent === undefined)
      void look()
        // Where a partition cannot answer any more the cluster is at its end.
        .catch(() => end())
    else if (hasLasted(++missed, MOST_LIMITS)) give(unanswered(silent.core, 'status', MOST_LIMITS * limit, each))
  })
  return end
}

const hasLasted = (looks: number, limits: number) => looks >= limits * LOOKS_PER_LIMIT

function seenAgain(before: Unchanged | undefined, seen: string): Unchanged {
  return { seen, looks: before?.seen === seen ? before.looks + 1 : 0 }
}

/** The partition can be heard, and does not carry out its order. */
function unanswered(core: number, order: OwedReply['order'], ms: number, each: Whereabouts['each']): RunError {
  return new RunError({
    code: 'CORE_SILENT',
    message: `${nameOfCores([core], { each })} gives signs of life, but has not replied to "${order}" for ${ms} ms.`,
    details: { core, order },
  })
}

function stalled(statuses: readonly PartitionStatus[], limit: number, each: Whereabouts['each']): RunError {
  const run = statuses.find((status) => status.run !== null)?.run ?? 0
  const waits = statuses.flatMap((status) => status.waits)
  const root = rootOf(waits)
  const still = `Run ${run} has stood still for ${limit} ms, though no core computes`
  if (root === null) return new RunError({ code: 'RUN_STALLED', message: `${still}.`, details: { run } })
  const { core, actor, state, link, stream, awaited, watermark } = root
  const more = waits.length === 1 ? '' : ` ${waits.length - 1} more wait, for this or for what follows from it.`
  return new RunError({
    code: 'RUN_STALLED',
    message: `${still}: on ${nameOfCore(core, each)} "${actor}" (${state}) waits for ${awaited} of "${stream}" over the link ${link}, whose watermark is ${watermark} ms.${more}`,
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
