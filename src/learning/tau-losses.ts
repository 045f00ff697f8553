import { InputError } from '../events/errors.js'
import type { Loss } from './loss.js'
import type { Parameters } from './session.js'

/** Whether the gradient by the time constants of the very group that a loss looks at is known. */
const KNOWS_TAUS: Readonly<Record<Loss['kind'], boolean>> = Object.freeze({
  linear: true,
  firstSpike: true,
  spikeCount: true,
  vMax: true,
})

/** Raises `InputError` LEARN_TAUS_LOSS if time constants shall be learned along a loss that does not know their gradient. */
export function requireTauGradient({ kind }: Loss, learnsTaus: boolean, field: string): void {
  if (!learnsTaus || KNOWS_TAUS[kind]) return
  const known = Object.entries(KNOWS_TAUS).flatMap(([name, isKnown]) => (isKnown ? [name] : []))
  throw new InputError({
    code: 'LEARN_TAUS_LOSS',
    field,
    found: `"${kind}", whose gradient by time constants is not known`,
    expected: `one of ${known.join(', ')}`,
    remedy: 'Leave "taus" out of what is learned, or choose another loss.',
  })
}

/** A gradient without what the loss does not know of it. */
export function knownGradient({ kind, group }: Loss, gradients: Parameters): Parameters {
  const observed = gradients.groups[group]
  if (KNOWS_TAUS[kind] || observed === undefined) return gradients
  const { bias, threshold, adaptStep } = observed
  const known = {
    bias,
    ...(threshold === undefined ? {} : { threshold }),
    ...(adaptStep === undefined ? {} : { adaptStep }),
  }
  return { ...gradients, groups: { ...gradients.groups, [group]: known } }
}
