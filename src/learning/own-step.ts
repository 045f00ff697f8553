import type { StepOptions } from './session.js'

/** A copy of a step that stays as it is, whatever becomes of the arrays of its options. The functions of a loss are its own. */
export function ownStep({ loss, ...step }: StepOptions): StepOptions {
  return { ...structuredClone(step), loss: loss.kind === 'own' ? { ...loss } : structuredClone(loss) }
}
