import type { GroupValues, LifValues, NetworkInstance } from './instance.js'
import { DELAY_RULE, LI_RULES, LIF_RULES, type QuantityRule, SYNAPTIC_RULE, WEIGHT_RULE } from './quantity-rule.js'
import { resetNotBelowThreshold } from './validate-group.js'
import { keepsRule, refuseNumber } from './validate-number.js'

/**
 * Holds the numbers of an instance to the rules of the description: a distribution may draw what a user may not write.
 *
 * Raises `InputError` with the code of the broken rule.
 */
export function checkInstance({ groups, projections }: NetworkInstance): void {
  groups.forEach((group, index) => {
    checkGroup(group, `groups[${index}]`)
  })
  projections.forEach(({ weights, delays }, index) => {
    checkValues(weights, WEIGHT_RULE, `projections[${index}].weights`)
    checkValues(delays, DELAY_RULE, `projections[${index}].delays`)
  })
}

function checkGroup(group: GroupValues, place: string): void {
  if (group.kind === 'source') return
  const { tauSynExc, tauSynInh } = group
  const single = tauSynExc === tauSynInh
  checkValues(tauSynExc, SYNAPTIC_RULE, `${place}.${single ? 'tauSyn' : 'tauSynExc'}`)
  checkValues(tauSynInh, SYNAPTIC_RULE, `${place}.tauSynInh`)
  if (group.kind === 'li') checkFields(group, LI_RULES, place)
  else {
    checkFields(group, LIF_RULES, place)
    checkReset(group, place)
  }
}

function checkReset({ vReset, threshold }: LifValues, place: string): void {
  const high = vReset.findIndex((reset, neuron) => reset >= (threshold[neuron] as number))
  if (high < 0) return
  throw resetNotBelowThreshold(`${place}.vReset[${high}]`, vReset[high] as number, threshold[high] as number)
}

function checkFields<Field extends string>(
  group: Readonly<Record<NoInfer<Field>, Float64Array>>,
  rules: Readonly<Record<Field, QuantityRule>>,
  place: string,
): void {
  for (const field of Object.keys(rules) as Field[]) checkValues(group[field], rules[field], `${place}.${field}`)
}

function checkValues(values: Float64Array, rule: QuantityRule, field: string): void {
  const broken = values.findIndex((value) => !keepsRule(value, rule))
  if (broken >= 0) throw refuseNumber(values[broken], rule, `${field}[${broken}]`)
}
