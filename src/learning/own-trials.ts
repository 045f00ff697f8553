import type { LabelledTrials } from './session.js'

/**
 * A copy of trials that stays as it is while whoever gave them uses the arrays again. Inputs that can be encoded at any time
 * are encoded when they are asked for.
 */
export function ownTrials(trials: LabelledTrials): LabelledTrials {
  const { count, until, labels, samples } = trials
  if (samples === undefined) return structuredClone({ count, until, inputs: trials.inputs, labels })
  return {
    ...structuredClone({ count, until, labels }),
    samples: { ...samples, numbers: samples.numbers.slice() },
    get inputs() {
      return structuredClone(trials.inputs)
    },
  }
}
