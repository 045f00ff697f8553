import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readRecord } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import type { DeviceNoise, Mismatch, PerName } from './device-noise.js'
import { requireFormats } from './require-formats.js'

/** What a number of the noise must be. */
interface Rule {
  readonly expected: string
  holds(value: number): boolean
}

export const COUNT_RULE: Rule = {
  expected: 'an integer from 0 to 2^53 - 1',
  holds: (value) => Number.isSafeInteger(value) && value >= 0,
}
const STD: Rule = { expected: 'a finite number from 0', holds: (value) => Number.isFinite(value) && value >= 0 }
const CHANCE: Rule = { expected: 'a probability from 0 to 1', holds: (value) => value >= 0 && value <= 1 }
const ABOVE_0: Rule = { expected: 'a finite number above 0', holds: (value) => Number.isFinite(value) && value > 0 }
const BITS: Rule = {
  expected: 'a whole number of bits from 2 to 32',
  holds: (value) => Number.isInteger(value) && value >= 2 && value <= 32,
}

const LEVELS: Rule = {
  expected: 'a whole number of different weights from 3 to 2^32',
  holds: (value) => Number.isInteger(value) && value >= 3 && value <= 2 ** 32,
}

/** What names may stand for. */
interface Names {
  readonly what: string
  /** Null: any. */
  readonly known: readonly string[] | null
}

/** Groups that send spikes to others or to themselves; null if nobody knows. */
export function sendingGroups(network: Network | null): readonly string[] | null {
  return network && [...new Set(network.projections.map(({ source }) => source))]
}

function lifGroups(network: Network | null): readonly string[] | null {
  return network === null ? null : network.groups.filter(({ kind }) => kind === 'lif').map(({ name }) => name)
}

/**
 * The noise of a device as plain data, checked against the network; fields without a value count as absent.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, NOISE_OPTION (a number out of range), NOISE_NAME (a name
 * that is neither a group that spikes nor a projection), NOISE_CONFLICT (a range without bits; a shortest delay above the
 * longest one).
 *
 * @param network null: names are for whoever knows the network to check
 * @param field what it is called where it was given
 */
export function plainDeviceNoise(network: Network | null, given: unknown, field = 'noise'): DeviceNoise {
  const fields = withoutUndefined(readRecord(given, field))
  refuseUnknown(fields, FIELDS, field)
  const keys = network?.projections.map(({ key }) => key) ?? null
  const senders = sendingGroups(network)
  const ways = { what: 'a group that sends spikes, or a projection', known: senders && keys && [...senders, ...keys] }
  const synapses = { what: 'a projection', known: keys }
  const neurons = { what: 'an lif group', known: lifGroups(network) }
  const at = (name: string) => `${field}.${name}`
  const number = (name: string, rule: Rule) => requireNoise(at(name), entryOf(fields, name), rule)
  const pick = <Value>(name: keyof DeviceNoise, read: () => Value) =>
    fields[name] === undefined ? {} : { [name]: read() }
  const perName = (name: keyof DeviceNoise, names: Names, rule: Rule) =>
    pick(name, () => plainPerName(at(name), fields[name], names, rule))
  const mismatch = (name: keyof DeviceNoise) => pick(name, () => plainMismatch(at(name), fields[name]))
  const noise: DeviceNoise = {
    seed: number('seed', COUNT_RULE),
    ...pick('mismatch', () => plainWord(at('mismatch'), fields.mismatch, ['fixed', 'redrawn'])),
    ...perName('jitter', ways, STD),
    ...perName('spikeLoss', ways, CHANCE),
    ...pick('tick', () => number('tick', ABOVE_0)),
    ...pick('readoutJitter', () => number('readoutJitter', STD)),
    ...mismatch('weightMismatch'),
    ...mismatch('thresholdMismatch'),
    ...mismatch('delayMismatch'),
    ...pick('weightBits', () => number('weightBits', BITS)),
    ...pick('weightLevels', () => number('weightLevels', LEVELS)),
    ...perName('weightRange', synapses, STD),
    ...pick('delayStep', () => number('delayStep', ABOVE_0)),
    ...pick('delayMin', () => number('delayMin', STD)),
    ...pick('delayMax', () => number('delayMax', STD)),
    ...pick('thresholdBits', () => number('thresholdBits', BITS)),
    ...perName('thresholdRange', neurons, STD),
  }
  requireFormats(noise, field)
  return noise
}

export const FIELDS = [
  'seed',
  'mismatch',
  'jitter',
  'spikeLoss',
  'tick',
  'readoutJitter',
  'weightMismatch',
  'thresholdMismatch',
  'delayMismatch',
  'weightBits',
  'weightLevels',
  'weightRange',
  'delayStep',
  'delayMin',
  'delayMax',
  'thresholdBits',
  'thresholdRange',
] as const satisfies readonly (keyof DeviceNoise)[]

/** Raises `InputError` NOISE_OPTION unless the value keeps the rule. */
export function requireNoise(field: string, value: unknown, rule: Rule): number {
  if (typeof value === 'number' && rule.holds(value)) return value
  const found = typeof value === 'number' ? String(value) : describeValue(value)
  throw new InputError({ code: 'NOISE_OPTION', field, found, expected: rule.expected })
}

export function plainWord<Word extends string>(field: string, value: unknown, words: readonly Word[]): Word {
  const word = words.find((each) => each === value)
  if (word !== undefined) return word
  const expected = words.map((each) => JSON.stringify(each)).join(' or ')
  throw new InputError({ code: 'NOISE_OPTION', field, found: describeValue(value), expected })
}

function plainPerName(field: string, value: unknown, names: Names, rule: Rule): PerName {
  if (typeof value === 'number') return requireNoise(field, value, rule)
  const entries = Object.entries(withoutUndefined(readRecord(value, field)))
  return Object.fromEntries(
    entries.map(([name, entry]) => {
      requireName(`${field}.${name}`, name, names)
      return [name, requireNoise(`${field}.${name}`, entry, rule)]
    }),
  )
}

/** Raises `InputError` NOISE_NAME unless the name is known. */
export function requireName(field: string, name: string, { what, known }: Names): void {
  if (known === null || known.includes(name)) return
  const expected = `${what}: ${known.join(', ') || 'there is none'}`
  throw new InputError({ code: 'NOISE_NAME', field, found: JSON.stringify(name), expected })
}

function plainMismatch(field: string, value: unknown): Mismatch {
  if (typeof value === 'number') return requireNoise(field, value, STD)
  const fields = withoutUndefined(readRecord(value, field))
  refuseUnknown(fields, ['relative', 'absolute'], field)
  return Object.fromEntries(
    Object.entries(fields).map(([name, entry]) => [name, requireNoise(`${field}.${name}`, entry, STD)]),
  )
}
