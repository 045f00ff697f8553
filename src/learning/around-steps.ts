import type { LabelledTrials, Session, StepOptions, StepResult } from './session.js'

/** Takes a step. */
export type TakeStep = (trials: LabelledTrials, step: StepOptions) => Promise<StepResult>

/** The ways in which a session takes steps, with something done around each of them; to be spread over the session. */
export function aroundSteps(
  { train, trainAhead }: Pick<Session, 'train' | 'trainAhead'>,
  around: (take: TakeStep, trials: LabelledTrials, step: StepOptions) => Promise<StepResult>,
): Pick<Session, 'train' | 'trainAhead'> {
  return {
    train: (trials, step) => around(train, trials, step),
    ...(trainAhead === undefined
      ? {}
      : { trainAhead: (trials: LabelledTrials, step: StepOptions) => around(trainAhead, trials, step) }),
  }
}
