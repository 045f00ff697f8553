import { entryOf } from '../../events/by-name.js'
import type { EmissionValues } from '../description/emission.js'
import { isSpiking, modelOf } from '../models/models.js'
import type { NeuronModel } from '../models/neuron-model.js'
import { keepsRule, type NumberRule, refuseNumber } from '../reading/read-number.js'
import type { ValueRange } from '../validation/quantity-range.js'
import {
  DELAY_RULE,
  PERIOD_RULE,
  type QuantityRule,
  RATE_RULE,
  SCALE_RULE,
  TIME_CONSTANT,
  weightRule,
} from '../validation/quantity-rule.js'
import { resetNotBelowThreshold } from '../validation/read-group-draft.js'
import type { FiringValues, GroupValues, NetworkInstance, ProjectionValues } from './instance.js'

/** What the values of an instance are called, and where they stand in the whole network if it is a part of one. */
export interface InstancePlaces {
  /** Of the instance's g-th group; default: its place in the description. */
  group?(g: number, name: string): string
  /** Of a projection. */
  projection?(values: ProjectionValues): string
  /** Synapse index in the whole projection of synapse s of the instance's p-th projection. */
  synapse?(p: number, s: number): number
}

/**
 * Holds the numbers of an instance to the rules of the description: a distribution may draw what a user may not write.
 *
 * Raises `InputError` with the code of the broken rule, naming the place in the whole network.
 */
export function requireInstance({ groups, projections }: NetworkInstance, places: InstancePlaces = {}): void {
  groups.forEach((group, g) => {
    requireGroupValues(group, places.group?.(g, group.name) ?? `groups[${g}]`)
  })
  projections.forEach((projection, p) => {
    const { order, draws, sign, delayShape } = projection
    const place = places.projection?.(projection) ?? `projections[${order}]`
    const synapse = (s: number) => places.synapse?.(p, s) ?? s
    // Lists that a rule would have to make are looked at only where a distribution could have drawn what it must not.
    if (draws === undefined || !drawsKeep(draws.weightRange, weightRule(sign)))
      requireEveryValue(projection.weights, weightRule(sign), `${place}.weights`, synapse)
    if (delayShape === 'perSynapse' && draws !== undefined && drawsKeep(draws.delayRange, DELAY_RULE)) return
    const delay = delayShape === 'perSynapse' ? synapse : (k: number) => k
    requireEveryValue(projection.delays, DELAY_RULE, `${place}.delays`, delay)
  })
}

/** Whether every value of a range keeps a rule: rules allow intervals. */
function drawsKeep({ least, most }: ValueRange, rule: NumberRule): boolean {
  return keepsRule(least, rule) && keepsRule(most, rule)
}

function requireGroupValues(group: GroupValues, place: string): void {
  const neuron = (n: number) => group.start + n
  if (group.kind === 'source') {
    if (group.emission !== undefined) requireEmission(group.emission, `${place}.emission`, neuron)
    return
  }
  if (group.kind === 'actor') return
  const { tauSynExc, tauSynInh } = group
  const { fields, tauSyn } = modelOf(group) as NeuronModel
  const ruleHere = (rule: QuantityRule) => (isSpiking(group) && group.hasLimit === true ? rule : (rule.regular ?? rule))
  if (tauSynExc === tauSynInh) requireEveryValue(tauSynExc, ruleHere(tauSyn), `${place}.tauSyn`, neuron)
  else {
    requireEveryValue(tauSynExc, TIME_CONSTANT, `${place}.tauSynExc`, neuron)
    requireEveryValue(tauSynInh, TIME_CONSTANT, `${place}.tauSynInh`, neuron)
  }
  const numbers = group as unknown as Readonly<Record<string, Float64Array>>
  for (const [field, { rule }] of Object.entries(fields))
    requireEveryValue(entryOf(numbers, field) as Float64Array, ruleHere(rule), `${place}.${field}`, neuron)
  if (isSpiking(group)) requireReset(group, place)
}

function requireEmission(emission: EmissionValues, place: string, unit: (n: number) => number): void {
  switch (emission.process) {
    case 'regular':
      requireEveryValue(emission.period, PERIOD_RULE, `${place}.period`, unit)
      break
    case 'poisson':
      requireEveryValue(emission.rate, RATE_RULE, `${place}.rate`, unit)
      break
    case 'inhomogeneousPoisson':
      requireEveryValue(emission.scale, SCALE_RULE, `${place}.scale`, unit)
  }
}

function requireReset({ vReset, threshold, start }: FiringValues, place: string): void {
  const high = vReset.findIndex((reset, neuron) => reset >= (threshold[neuron] as number))
  if (high < 0) return
  throw resetNotBelowThreshold(`${place}.vReset[${start + high}]`, vReset[high] as number, threshold[high] as number)
}

function requireEveryValue(
  values: Float64Array,
  rule: NumberRule,
  field: string,
  indexOf: (k: number) => number,
): void {
  const broken = values.findIndex((value) => !keepsRule(value, rule))
  if (broken >= 0) throw refuseNumber(values[broken], rule, `${field}[${indexOf(broken)}]`)
}
