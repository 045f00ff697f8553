import type { LabelledTrials, StepOptions } from './session.js'

/**
 * A copy of trials that stays as it is while the caller reuses the arrays. Inputs that can be encoded at any time
 * are encoded when they are asked for.
 */
export function copyTrials(trials: LabelledTrials): LabelledTrials {
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

/** A copy of a step that stays as it is, whatever becomes of the arrays of its options. The functions of a loss are its own. */
export function copyStep({ loss, ...step }: StepOptions): StepOptions {
  return { ...structuredClone(step), loss: loss.kind === 'own' ? { ...loss } : structuredClone(loss) }
}
