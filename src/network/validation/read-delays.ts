import { InputError } from '../../events/errors.js'
import { constant } from '../description/initializers.js'
import type { Delays, Quantity } from '../description/network.js'
import { numberThat } from '../reading/read-number.js'
import type { Reader } from '../reading/read-value.js'
import { DELAY_RULE } from './quantity-rule.js'
import type { MatrixShape } from './read-matrix.js'
import { quantityOf } from './read-quantity.js'

/** Delays as they were handed over, and where. */
export interface DelayDraft {
  readonly place: string
  readonly kind: Delays['kind']
  readonly values: unknown
}

/** The synapses that the delays belong to. */
export interface DelayedSynapses {
  readonly shape: MatrixShape
  /** Delays that the synapses name themselves. */
  readonly own: number[] | null
  /** One delay for each synapse. */
  readonly perSynapse: Reader<Quantity>
}

/** Delays of the right shape, every one >= 0; raises `DELAYS_AMBIGUOUS` if they are given twice. */
export function readDelays({ place, kind, values }: DelayDraft, synapses: DelayedSynapses): Delays {
  const { shape, own } = synapses
  if (own !== null) {
    if (kind !== 'none') throw ambiguous(place)
    return { kind: 'perSynapse', values: own }
  }
  switch (kind) {
    case 'none':
      return { kind }
    case 'scalar':
      return { kind, value: numberThat(DELAY_RULE)(values, place) }
    case 'perSource':
      return { kind, values: oneEach(quantityOf(DELAY_RULE, shape.sources)(values, place)) }
    case 'perSynapse':
      return { kind, values: oneEach(synapses.perSynapse(values, place)) }
  }
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
