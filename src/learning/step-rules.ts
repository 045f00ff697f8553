import { InputError } from '../events/errors.js'
import type { Group, Network } from '../network/description/network.js'
import { signsOf } from '../network/description/sign.js'
import { limitOf } from '../network/description/time-constants.js'
import { cyclicKeys } from '../network/graph/cyclic-keys.js'
import { isSpiking } from '../network/models/models.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readList } from '../network/reading/read-list.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { rangeByMean } from '../network/validation/quantity-range.js'
import { leastThreshold } from './array-bounds.js'
import { type Bounds, intersection, kindRecord, modelLimits } from './parameter-kinds.js'
import type { ParameterKind, StepOptions } from './session.js'

/** Raises `InputError` TRAIN_OPTION unless it holds. */
export function requireNumber(field: string, value: number, holds: boolean, expected: string): number {
  if (holds) return value
  throw new InputError({
    code: 'TRAIN_OPTION',
    field,
    found: describeValue(value),
    expected,
  })
}

/**
 * Raises `InputError` TRAIN_OPTION unless min <= max, some finite number is between them, and min >= 0, or > 0, where nothing
 * below has a meaning.
 */
export function requireBounds(field: string, kind: ParameterKind, bounds: Bounds): Bounds {
  const { length } = readList(bounds, field)
  if (length !== 2) throw wrongShape(field, `${length} values`, '[min, max]')
  const [min, max] = bounds
  for (const end of bounds)
    requireNumber(field, end, typeof end === 'number' && !Number.isNaN(end), 'two numbers, [min, max]')
  requireNumber(field, min, min <= max, `at most ${max}, the upper bound`)
  requireNumber(field, min, min < Infinity, 'a lower bound below Infinity')
  requireNumber(field, max, max > -Infinity, 'an upper bound above -Infinity')
  const { least } = kindRecord(kind)
  if (least !== undefined) requireNumber(field, min, least.holds(min), least.expected)
  return [min, max]
}

/**
 * Raises `InputError` TRAIN_OPTION if bounds leave some parameter of the network nothing that the model allows: a sign, the least
 * delay around a cycle, the thresholds above vReset, the range of time constants.
 */
export function requireOpenBounds(network: Network, field: string, bounds: StepOptions['bounds']): void {
  if (Object.keys(bounds).length === 0) return
  const { projections, groups } = network
  const limits = { cyclic: cyclicKeys(network), signs: signsOf(projections) }
  const requireOpen = (kind: ParameterKind, allowed: Bounds, why: string) => {
    const given = bounds[kind]
    if (given === undefined) return
    const [min, max] = intersection(allowed, given)
    const found = given[1] < allowed[0] ? given[1] : given[0]
    requireNumber(`${field}.${kind}`, found, min <= max, `bounds that hold some number ${inWords(allowed)}, for ${why}`)
  }
  for (const { key, sign, delays } of projections) {
    const what = sign === undefined ? 'the weights' : `the weights of "${key}", which is ${sign}`
    requireOpen('weights', modelLimits('weights', key, limits), what)
    const where = limits.cyclic.has(key) ? ', which lies on a cycle' : ''
    if (delays.kind !== 'none')
      requireOpen('delays', modelLimits('delays', key, limits), `the delays of "${key}"${where}`)
  }
  requireOpen('taus', modelLimits('taus', undefined, limits), 'the time constants of the model')
  for (const group of groups) {
    if (!isSpiking(group) || bounds.thresholds === undefined) continue
    const least = leastThreshold(rangeByMean(group.vReset).most)
    requireOpen('thresholds', [least, Number.MAX_VALUE], `the thresholds of "${group.name}", above its vReset`)
  }
}

/** Raises `InputError` TRAIN_OPTION where time constants are to be learned and some group has one that is 0 or Infinity. */
export function requireLearnableTaus({ groups }: Network, field: string): void {
  for (const group of groups) {
    const limit = limitOf(group)
    if (limit === undefined) continue
    throw new InputError({
      ...{ code: 'TRAIN_OPTION', field, found: `the time constants of "${group.name}": ${limit.clause}` },
      expected: 'time constants above 0 that are finite, in every group',
      remedy: 'Leave "taus" out.',
    })
  }
}

function inWords([min, max]: Bounds): string {
  if (max === Number.MAX_VALUE) return min === -Number.MAX_VALUE ? 'that is finite' : `from ${min} on`
  return min === -Number.MAX_VALUE ? `up to ${max}` : `from ${min} to ${max}`
}

/** Raises `InputError` TRAIN_OPTION unless the value is a finite number from 0. */
export function requireStrength(field: string, value: number): number {
  return requireNumber(field, value, Number.isFinite(value) && value >= 0, 'a finite number from 0')
}

/** Raises `InputError` TRAIN_OPTION and TRAIN_GROUP unless each strength belongs to an lif group. */
export function requireGroupStrengths(
  network: Network,
  field: string,
  strengths: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  for (const [group, value] of Object.entries(strengths)) {
    requireGroup(network, group, `${field}.${group}`, 'lif')
    requireStrength(`${field}.${group}`, value)
  }
  return strengths
}

/**
 * Raises `InputError` TRAIN_GROUP unless there is such a group.
 *
 * @param suits which groups do; default: those of the kind
 */
export function requireGroup(
  network: Network,
  name: string,
  field: string,
  kind: 'lif' | 'li',
  suits: (group: Group, kind: 'lif' | 'li') => boolean = (group) => group.kind === kind,
): void {
  const group = network.groups.find((candidate) => candidate.name === name)
  if (group !== undefined && suits(group, kind)) return
  const fitting = network.groups.filter((candidate) => suits(candidate, kind)).map((candidate) => candidate.name)
  throw new InputError({
    code: 'TRAIN_GROUP',
    field,
    found: group === undefined ? `no group "${name}"` : `"${name}", a group of kind ${group.kind}`,
    expected: `a group of kind ${kind}: ${fitting.join(', ') || 'there is none'}`,
  })
}
