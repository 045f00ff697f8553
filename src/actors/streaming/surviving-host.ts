import type { SegmentRequest, StreamHost } from './create-spike-stream.js'

/** So many segments are run once more at most: then the state is kept anew. */
const MOST_SEGMENTS = 16

/** Does something with the host of the cluster that lives now, and once more with the next one if it fails meanwhile. */
export type Survive = <Result>(work: (host: StreamHost) => Promise<Result>) => Promise<Result>

/**
 * The host of one stream that outlives the clusters it runs on: a fresh one is led through the segments since the last
 * state that was kept, and goes on with the same bits.
 */
export function createSurvivingHost(survive: Survive): StreamHost {
  let claimed: StreamHost | null = null
  let kept: SegmentRequest['from'] = 'rest'
  let taken: SegmentRequest[] = []

  /** The host, with the actors where the stream stands; null: they have nothing to go on from but what is kept. */
  async function lead(host: StreamHost): Promise<'last' | null> {
    if (host === claimed) return 'last'
    await host.claim()
    for (const [k, request] of taken.entries()) await host.run(k === 0 ? { ...request, from: kept } : request)
    claimed = host
    return taken.length === 0 ? null : 'last'
  }

  function states(): ReturnType<StreamHost['states']> {
    return survive(async (host) => {
      if ((await lead(host)) !== null) return host.states()
      // Nothing has been run here since the state that is kept.
      if (typeof kept !== 'string') return { groups: kept.groups, inFlight: kept.inFlight }
      return host.states()
    })
  }

  return {
    claim: () => survive(async (host) => void (await lead(host))),
    async run(request) {
      if (request.from !== 'last') kept = request.from
      const result = await survive(async (host) => {
        const isLed = (await lead(host)) !== null
        return host.run({ ...request, from: isLed ? request.from : kept })
      })
      taken.push(taken.length === 0 ? request : { ...request, from: 'last' })
      if (taken.length < MOST_SEGMENTS) return result
      const { start, end } = request.window
      const state = await states()
      kept = { time: end, segment: end - start, ...state }
      taken = []
      return result
    },
    states,
    release() {
      claimed?.release()
      claimed = null
    },
  }
}
