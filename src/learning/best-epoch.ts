import type { SessionState } from './session.js'

/** The epoch with the best validation so far, as plain data. */
export interface BestEpoch {
  /** 1, 2, … */
  readonly epoch: number
  /** 0 to 1. */
  readonly accuracy: number
  /** Null if no trial had one. */
  readonly loss: number | null
  /** Of the session after that epoch; null if the run never returns to it. */
  readonly state: SessionState | null
}

/** Whether a later validation is better: a higher accuracy or, at the same one, a lower loss; a tie is not. */
export function isBetter(later: Pick<BestEpoch, 'accuracy' | 'loss'>, best: BestEpoch | null): boolean {
  if (best === null || later.accuracy !== best.accuracy) return best === null || later.accuracy > best.accuracy
  return (later.loss ?? Number.POSITIVE_INFINITY) < (best.loss ?? Number.POSITIVE_INFINITY)
}

/** Whether a training has gone on for `patience` epochs since its best one; never without patience. */
export function isExhausted(best: BestEpoch | null, completedEpochs: number, patience: number | null): boolean {
  return patience !== null && best !== null && completedEpochs - best.epoch >= patience
}
