import { InputError } from '../../events/errors.js'
import { constant } from '../description/initializers.js'
import type { Delays, Quantity } from '../description/network.js'
import { DELAY_RULE } from './quantity-rule.js'
import { type MatrixShape, validateOverlay } from './validate-matrix.js'
import { validateNumber } from './validate-number.js'
import { validateDrawn, validateQuantity } from './validate-quantity.js'

/** Delays as they were handed over, and where. */
export interface DelayDraft {
  readonly place: string
  readonly kind: Delays['kind']
  readonly values: unknown
}

/** The synapses that the delays belong to. */
export type DelayedSynapses =
  | { readonly kind: 'dense'; readonly shape: MatrixShape; readonly absent: readonly number[] }
  | { readonly kind: 'rule'; readonly shape: MatrixShape }
  | { readonly kind: 'synapses'; readonly shape: MatrixShape; readonly count: number; readonly delays: number[] | null }

/** Delays of the right shape, every one >= 0; raises `DELAYS_AMBIGUOUS` if they are given twice. */
export function validateDelays({ place, kind, values }: DelayDraft, synapses: DelayedSynapses): Delays {
  if (synapses.kind === 'synapses' && synapses.delays !== null) {
    if (kind !== 'none') throw ambiguous(place)
    return { kind: 'perSynapse', values: synapses.delays }
  }
  switch (kind) {
    case 'none':
      return { kind }
    case 'scalar':
      return { kind, value: validateNumber(values, DELAY_RULE, place) }
    case 'perSource':
      return { kind, values: oneEach(validateQuantity(values, synapses.shape.sources, DELAY_RULE, place)) }
    case 'perSynapse':
      return { kind, values: oneEach(validatePerSynapse(values, synapses, place)) }
  }
}

function validatePerSynapse(values: unknown, synapses: DelayedSynapses, place: string): Quantity {
  if (synapses.kind === 'synapses') return validateQuantity(values, synapses.count, DELAY_RULE, place)
  if (synapses.kind === 'rule') return validateDrawn(values, DELAY_RULE, place)
  const { shape, absent } = synapses
  if (Array.isArray(values)) return validateOverlay(values, absent, shape, DELAY_RULE, place)
  return validateQuantity(values, shape.targets * shape.sources, DELAY_RULE, place)
}

/** In a file a single number is one delay shared by all, so one each that start alike are written as a distribution. */
function oneEach(values: Quantity): Quantity {
  return typeof values === 'number' ? constant(values) : values
}

function ambiguous(field: string): InputError {
  return new InputError({
    code: 'DELAYS_AMBIGUOUS',
    field,
    found: 'delays beside synapses that name their own',
    expected: 'delays in one of the two places',
  })
}
