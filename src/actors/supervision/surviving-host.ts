import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { sessionBusy } from '../streaming/session-busy.js'
import type { SimulationState } from '../streaming/simulation-state.js'
import type { StreamingSession } from '../streaming/spike-stream.js'
import type { SegmentRequest, StreamHost } from '../streaming/stream-host.js'
import type { WatchHub } from '../watch/watch-hub.js'

/** Largest number of segments that are repeated: then the state is saved again. */
const MOST_SEGMENTS = 16

/** Does something with a session, and once more with another one if that has failed meanwhile. */
export type Survive = <Result>(work: (session: StreamingSession) => Promise<Result>) => Promise<Result>

export interface SurvivingHost extends StreamHost {
  /** Keeps a new session to the stream that is open, before anybody else may use it. */
  hold(session: StreamingSession): Promise<void>
}

/**
 * Runs the segments of a stream on sessions that may fail: a new one is led to where the last one stood, by a state that
 * was kept and the segments since, which are run once more. Runs are deterministic, so that the bits are the same.
 */
export function createSurvivingHost(
  survive: Survive,
  onEnd: StreamHost['onEnd'],
  hub: Pick<WatchHub, 'unseen'>,
): SurvivingHost {
  let isClaimed = false
  /** The session that runs nothing but the stream. */
  let held: StreamingSession | null = null
  /** The session that stands where the stream does. */
  let led: StreamingSession | null = null
  let start: 'rest' | SimulationState = 'rest'
  /** The segments since `start`. */
  let since: SegmentRequest[] = []

  async function hold(session: StreamingSession): Promise<void> {
    if (!isClaimed || held === session) return
    await session.host.claim()
    held = session
  }

  async function lead(session: StreamingSession): Promise<void> {
    if (led === session) return
    await hold(session)
    await hub.unseen(async () => {
      for (const [k, request] of since.entries()) await session.host.run({ ...request, from: k === 0 ? start : 'last' })
    })
    led = session
  }

  const statesNow = () =>
    survive(async (session) => {
      await lead(session)
      return session.host.states()
    })

  async function keep(time: number): Promise<void> {
    const states = await statesNow()
    start = { time, segment: 0, arithmetic: ARITHMETIC_VERSION, ...states }
    since = []
  }

  function release(): void {
    held?.host.release()
    held = null
    led = null
    isClaimed = false
  }

  return {
    async claim() {
      if (isClaimed) throw sessionBusy()
      isClaimed = true
      start = 'rest'
      since = []
      await survive(lead).catch((error: unknown) => {
        release()
        throw error
      })
    },
    release,
    hold,
    onEnd,
    async run(request) {
      if (request.from !== 'last') start = request.from
      const result = await survive(async (session) => {
        const isFresh = led !== session
        await lead(session)
        return session.host.run(isFresh && since.length === 0 ? { ...request, from: start } : request)
      })
      since.push(request)
      if (since.length >= MOST_SEGMENTS) await keep(request.window.end)
      return result
    },
    async states() {
      // Copied, so that the state kept here cannot be changed from outside.
      if (since.length === 0 && start !== 'rest') return structuredClone(start)
      return statesNow()
    },
  }
}
