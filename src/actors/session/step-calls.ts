import type { LabelledTrials, Session, StepOptions, StepResult } from '../../learning/session.js'
import type { Turns } from './turns.js'

/** A training step as it is asked for. */
export interface GivenStep {
  readonly trials: LabelledTrials
  readonly step: StepOptions
}

/** The calls by which a session is asked for steps. */
export function stepCalls({
  most,
  step: take,
  stepAfter,
}: Turns<GivenStep, StepResult>): Pick<Session, 'train' | 'trainAhead'> {
  return {
    train: (trials, step) => take({ trials, step }),
    ...(most > 1 ? { trainAhead: (trials: LabelledTrials, step: StepOptions) => stepAfter({ trials, step }) } : {}),
  }
}
