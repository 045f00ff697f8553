import type { SessionState } from '../../../learning/session.js'
import type { TrainingPoint } from '../../../learning/training-point.js'

/** Where a training begins that continues another one: parameters and moments, and what was done. */
export interface Beginning {
  readonly state: SessionState
  readonly point: TrainingPoint
}
