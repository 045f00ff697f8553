import { sampleTimes } from '../../dynamics/voltages/sample-times.js'
import { RunError } from '../../events/errors.js'
import { messageOf } from '../../events/message-of.js'
import { copyOfTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { sessionClosed } from '../../learning/session-closed.js'
import type { Network } from '../../network/description/network.js'
import type { StreamHost } from '../streaming/stream-host.js'
import { createWatch, type Watcher } from './create-watch.js'
import { type Asked, askedByAll, NOTHING_ASKED, type ShownRun } from './shown-run.js'
import { readVoltageOptions, readWatchOptions, requireReturned, requireSpiking } from './watch-options.js'
import type { Watch, Watchable, WatchedRun, WatchedWork, WatchOptions } from './watched.js'

/** A run as those see it who watch as it begins. */
interface Look {
  readonly asked: Asked
  /** The run is done. */
  hand(window: Window, shown: ShownRun): void
}

/** Who watches a session. It outlives the partitions of a session that restarts. */
export interface WatchHub {
  /** What sessions show of themselves; to be spread over them. */
  readonly watchable: Watchable
  /**
   * A run begins.
   *
   * @param isFirst it is not a later segment of the run before
   */
  look(doing: WatchedWork, isFirst?: boolean): Look
  /** Whether a run may begin: no watcher wants it to wait. */
  isReady(): boolean
  /** Resolves when a run may begin. */
  ready(): Promise<void>
  /** What is run until this is done was shown before. */
  unseen<Result>(work: () => Promise<Result>): Promise<Result>
  /** Runs no longer wait for watchers that are slow. */
  hurry(): void
  /** There is no session any more. */
  close(): void
}

export interface WatchHubOptions {
  readonly network: Network
  /** Called with a text for people on a subscriber that has thrown and has no `error` of its own. */
  readonly note: (note: string, code: 'WATCHER_FAILED') => void
}

/** The same hub, for a session that another one takes the place of when it is closed. */
export function outlivingHub(hub: WatchHub): WatchHub {
  return { ...hub, hurry: () => undefined, close: () => undefined }
}

/** The session of a hub: who sits there learns of its loss, too; one that is closed shows its last runs first. */
export function endWithSession<Session extends { readonly host: Pick<StreamHost, 'onEnd'> }>(
  hub: WatchHub,
  session: Session,
): Session {
  session.host.onEnd((reason) => {
    const isClosed = reason instanceof RunError && reason.code === sessionClosed().code
    if (!isClosed) hub.close()
  })
  return session
}

/** One who watches, and what. */
interface WatchSubscription {
  readonly watcher: Pick<Watcher<never>, 'hasRoom'>
  readonly asked: Asked
  hand(run: WatchedRun, shown: ShownRun): void
  end(reason: Error | null): void
}

export function createWatchHub({ network, note }: WatchHubOptions): WatchHub {
  const subscriptions = new Set<WatchSubscription>()
  const gate = createWatcherGate(subscriptions)
  let runs = 0
  let isUnseen = false
  let isClosed = false

  function thrown(error: unknown): void {
    const reason = messageOf(error)
    note(`A subscriber that watched a session has failed and was unsubscribed: ${reason}`, 'WATCHER_FAILED')
  }

  function watch<Batch extends WatchedRun>(
    options: WatchOptions | undefined,
    asked: Asked,
    read: ReadShown<Batch>,
  ): Watch<Batch> {
    if (isClosed) throw sessionClosed()
    const settings = readWatchOptions(options)
    function join(watcher: Watcher<Batch>): () => void {
      if (isClosed) {
        watcher.end(null)
        return () => undefined
      }
      const leave = () => void subscriptions.delete(subscription)
      const subscription = subscriptionOf(watcher, asked, read, leave)
      subscriptions.add(subscription)
      return leave
    }
    return createWatch({ ...settings, join, roomy: gate.wake, thrown })
  }

  /** What has to be followed through segments that were shown before. */
  function followed(doing: WatchedWork): Asked {
    if (doing !== 'stream') return NOTHING_ASKED
    return { ...NOTHING_ASKED, voltages: [...subscriptions].flatMap(({ asked }) => asked.voltages) }
  }

  return {
    watchable: watchableOf(network, watch),
    look(doing, isFirst = true) {
      const present = isUnseen ? [] : [...subscriptions]
      const counts = !isUnseen && isFirst
      return {
        asked: isUnseen ? followed(doing) : askedByAll(present.map(({ asked }) => asked)),
        hand(window, shown) {
          if (counts) runs++
          const run: WatchedRun = { doing, run: runs, window, dropped: 0 }
          for (const subscription of present) if (subscriptions.has(subscription)) subscription.hand(run, shown)
        },
      }
    },
    isReady: gate.isReady,
    ready: gate.ready,
    async unseen(work) {
      isUnseen = true
      try {
        return await work()
      } finally {
        isUnseen = false
      }
    },
    hurry: gate.hurry,
    close() {
      isClosed = true
      for (const subscription of subscriptions) subscription.end(null)
      subscriptions.clear()
      gate.hurry()
    },
  }
}

/** Holds runs back while a watcher has no room. */
type WatcherGate = Pick<WatchHub, 'isReady' | 'ready' | 'hurry'> & {
  /** A watcher may have room again. */
  wake(): void
}

function createWatcherGate(subscriptions: ReadonlySet<WatchSubscription>): WatcherGate {
  let isHurried = false
  let waiting: readonly (() => void)[] = []

  function isReady(): boolean {
    return isHurried || [...subscriptions].every(({ watcher }) => watcher.hasRoom)
  }

  function wake(): void {
    if (!isReady()) return
    const woken = waiting
    waiting = []
    for (const go of woken) go()
  }

  return {
    isReady,
    wake,
    async ready() {
      while (!isReady())
        await new Promise<void>((resolve) => {
          waiting = [...waiting, resolve]
        })
    },
    hurry() {
      isHurried = true
      wake()
    },
  }
}

/** The batch of a run; null where the run has nothing of the kind. */
type ReadShown<Batch> = (shown: ShownRun, run: WatchedRun) => Omit<Batch, keyof WatchedRun> | null

/** @param leave called when the batch of a run cannot be read */
function subscriptionOf<Batch extends WatchedRun>(
  watcher: Watcher<Batch>,
  asked: Asked,
  read: ReadShown<Batch>,
  leave: () => void,
): WatchSubscription {
  return {
    watcher,
    asked,
    hand(run, shown) {
      try {
        const found = read(shown, run)
        if (found !== null) watcher.put({ ...run, ...found } as Batch)
      } catch (error) {
        leave()
        watcher.end(error instanceof Error ? error : new Error(String(error)))
      }
    },
    end: (reason) => watcher.end(reason),
  }
}

function watchableOf(
  network: Network,
  watch: <Batch extends WatchedRun>(
    options: WatchOptions | undefined,
    asked: Asked,
    read: ReadShown<Batch>,
  ) => Watch<Batch>,
): Watchable {
  let watches = 0
  return {
    spikes$(group, options) {
      requireSpiking(network, group)
      return watch(options, { ...NOTHING_ASKED, spikes: [group] }, (shown) => {
        return { group, ...copyOfTrains(shown.spikes(group)) }
      })
    },
    gradients$(projection, options) {
      const { source: group } = requireReturned(network, projection)
      return watch(options, { ...NOTHING_ASKED, gradients: [projection] }, (shown) => {
        const found = shown.gradients(projection)
        if (found === null) return null
        return { projection, group, ...copyOfTrains(found.trains), gradients: found.values.slice() }
      })
    },
    voltages(group, options) {
      const { asked, watch: given } = readVoltageOptions(network, group, options)
      const { units, every } = asked
      const id = ++watches
      return watch(given, { ...NOTHING_ASKED, voltages: [{ id, ...asked }] }, (shown, { window }) => {
        const values = shown.voltages({ id, ...asked })
        return { group, units: units.slice(), times: sampleTimes(window, every), values }
      })
    },
  }
}
