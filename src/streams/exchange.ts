import type { Observable } from 'rxjs'

/** The end of an exchange that begins it. */
export interface VectorOutlet {
  readonly answers$: Observable<Float64Array>
  sendValues(values: Float64Array): void
}

/** The end of an exchange that answers. */
export interface VectorInlet {
  readonly values$: Observable<Float64Array>
  sendAnswer(values: Float64Array): void
}

/**
 * A way for numbers of which there is one vector per run: one runs forward, one back.
 *
 * A readout sends the maxima of its voltages and gets their gradients; a slice sends its shares of the gradient of a
 * shared parameter and gets the parameter's new values.
 */
export interface Exchange extends VectorOutlet, VectorInlet {
  close(): void
}
