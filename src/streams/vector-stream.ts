import type { Observable } from 'rxjs'

/** The end of a vector stream that sends first. */
export interface VectorSender {
  readonly returned$: Observable<Float64Array>
  sendValues(values: Float64Array): void
}

/** The end of a vector stream that sends a vector back once it has received one. */
export interface VectorReceiver {
  readonly values$: Observable<Float64Array>
  sendReturned(values: Float64Array): void
}

/**
 * A way for numbers that travel in whole vectors, a few in a run: one runs forward, one back.
 *
 * A readout sends the maxima of its voltages and gets their gradients; a slice sends its partial sums of the gradient of a
 * shared parameter and gets the parameter's new values. What is sent is read at once.
 */
export interface VectorStream extends VectorSender, VectorReceiver {
  close(): void
}
