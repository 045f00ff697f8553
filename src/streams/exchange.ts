import { Subject } from 'rxjs'
import type { Deliver } from './deliver.js'

/** Voltage maxima of a group, row-major [trial][unit]. */
export interface MaximaBatch {
  readonly values: Float64Array
  readonly times: Float64Array
}

/** A readout's connection to the loss: maxima run forward, dL/d(max V) backward, once per run. */
export interface Readout {
  readonly maxima$: Subject<MaximaBatch>
  readonly peakGradients$: Subject<Float64Array>
  sendMaxima(batch: MaximaBatch): void
  sendPeakGradients(values: Float64Array): void
  close(): void
}

export function createReadout(deliver: Deliver): Readout {
  const maxima$ = new Subject<MaximaBatch>()
  const peakGradients$ = new Subject<Float64Array>()
  return {
    maxima$,
    peakGradients$,
    sendMaxima: (batch) => deliver(() => maxima$.next(batch)),
    sendPeakGradients: (values) => deliver(() => peakGradients$.next(values)),
    close() {
      maxima$.complete()
      peakGradients$.complete()
    },
  }
}
