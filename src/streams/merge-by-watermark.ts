import { Observable } from 'rxjs'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { FlowControl } from './flow-control.js'

/** One stream to merge. */
export interface MergeInput {
  readonly spikes$: Observable<SpikeBatch>
  /** The least time that passes until its spikes are known here, in ms; default 0. */
  readonly latency?: number
  /** The smallest delay of its synapses: how far its watermark reaches ahead, in ms; below 0 where spikes may arrive early. */
  readonly delay: number
}

export interface MergeOptions {
  /** Everything before it is over already. Default 0. */
  readonly start?: number
  /** End of the trial, or of this part of it. */
  readonly until: number
  /** Emit once, when everything is there, instead of as early as possible. */
  readonly whole: boolean
  /** Nothing is emitted while it is closed; what arrives waits. Default: always open. */
  readonly flowControl?: FlowControl
}

/** Everything before `horizon` is known: the batches that arrived since the last emission, in order of arrival. */
export interface Advance {
  readonly horizon: number
  readonly received: readonly { readonly input: number; readonly batch: SpikeBatch }[]
}

/**
 * Merges spike streams by their watermarks: emits whenever the receiver may advance further,
 *
 *     horizon = min over inputs ((watermark + latency) + smallest delay), at most until
 *
 * Streams start with watermark `start`, so a receiver whose inputs all have a delay may advance before anything arrives; one
 * without inputs advances to the end at once. The order in which messages of different inputs arrive decides how the
 * time is cut, never what happens in it. Batches that come when the horizon is at the end can change nothing any more,
 * but their gradients must return: they are emitted, with the same horizon, once every stream has ended; then the merge
 * completes.
 *
 *     until 10, a (delay 1)   --0..4-------4..10--------|
 *               b (delay 2)   -------0..9--------9..10--|
 *     merged                  1-2----5-----10----10|
 */
export function mergeByWatermark(
  inputs: readonly MergeInput[],
  { start = 0, until, whole, flowControl }: MergeOptions,
): Observable<Advance> {
  return new Observable((subscriber) => {
    const watermarks = inputs.map(() => start)
    let received: { input: number; batch: SpikeBatch }[] = []
    let reached = start
    const advance = () => {
      const horizon = inputs.reduce((least, { latency = 0, delay }, k) => {
        const watermark = watermarks[k] as number
        // Of a stream that has ended nothing is still to come, also where it might have arrived early.
        return watermark >= until ? least : Math.min(least, watermark + latency + delay)
      }, until)
      const ended = watermarks.every((watermark) => watermark >= until)
      const isLate = ended && received.length > 0
      if (whole ? ended : horizon > reached || isLate) {
        if (flowControl?.isOpen() === false) return
        reached = horizon
        const batches = received
        received = []
        subscriber.next({ horizon, received: batches })
      }
      if (ended) subscriber.complete()
    }
    inputs.forEach(({ spikes$ }, input) => {
      subscriber.add(
        spikes$.subscribe({
          next(batch) {
            watermarks[input] = batch.window.end
            received.push({ input, batch })
            advance()
          },
          error: (error) => subscriber.error(error),
        }),
      )
    })
    if (flowControl !== undefined) subscriber.add(flowControl.opened$.subscribe(advance))
    advance()
  })
}
