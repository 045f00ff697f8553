import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { isSpiking } from '../../network/models/models.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { type Reader, readRecord, valueThat, wordOf } from '../../network/reading/read-value.js'
import { withoutUndefined } from '../../network/reading/without-undefined.js'
import type { DeviceNoise, Mismatch, PerName } from './device-noise.js'
import { delayLevels, thresholdCount, weightCount } from './quantize.js'

/** Raises `InputError` NOISE_OPTION unless the value is such a number. */
export function noiseThat(expected: string, holds: (value: number) => boolean): Reader<number> {
  return valueThat({ code: 'NOISE_OPTION', expected, holds: (value) => typeof value === 'number' && holds(value) })
}

export const readCount = noiseThat(
  'an integer from 0 to 2^53 - 1',
  (value) => Number.isSafeInteger(value) && value >= 0,
)
const readStd = noiseThat('a finite number from 0', (value) => Number.isFinite(value) && value >= 0)
const readChance = noiseThat('a probability from 0 to 1', (value) => value >= 0 && value <= 1)
const readAbove0 = noiseThat('a finite number above 0', (value) => Number.isFinite(value) && value > 0)
const readBits = noiseThat(
  'a whole number of bits from 2 to 32',
  (value) => Number.isInteger(value) && value >= 2 && value <= 32,
)
const readLevels = noiseThat(
  'a whole number of different weights from 3 to 2^32',
  (value) => Number.isInteger(value) && value >= 3 && value <= 2 ** 32,
)
const readMismatches = wordOf<NonNullable<DeviceNoise['mismatch']>>(['fixed', 'redrawn'], 'NOISE_OPTION')

/** What names may stand for. */
interface Names {
  readonly what: string
  /** Null: any. */
  readonly known: readonly string[] | null
}

/** Groups that send spikes to others or to themselves; null if the network is unknown. */
export function sendingGroups(network: Network | null): readonly string[] | null {
  return network && [...new Set(network.projections.map(({ source }) => source))]
}

function lifGroups(network: Network | null): readonly string[] | null {
  return network === null ? null : network.groups.filter(isSpiking).map(({ name }) => name)
}

/**
 * The noise of a device as plain data, checked against the network; fields without a value count as absent.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, NOISE_OPTION (a number out of range), NOISE_NAME (a name
 * that is neither a group that spikes nor a projection), NOISE_CONFLICT (a range without bits; a shortest delay above the
 * longest one).
 *
 * @param network null: the caller that knows the network checks the names
 * @param field what it is called where it was given
 */
export function readDeviceNoise(network: Network | null, given: unknown, field = 'noise'): DeviceNoise {
  const fields = withoutUndefined(readRecord(given, field))
  refuseUnknown(fields, FIELDS, field)
  const keys = network?.projections.map(({ key }) => key) ?? null
  const senders = sendingGroups(network)
  const ways = { what: 'a group that sends spikes, or a projection', known: senders && keys && [...senders, ...keys] }
  const synapses = { what: 'a projection', known: keys }
  const neurons = { what: 'an lif group', known: lifGroups(network) }
  const at = (name: string) => `${field}.${name}`
  const pick = <Value>(name: keyof DeviceNoise, read: Reader<Value>) =>
    fields[name] === undefined ? {} : { [name]: read(fields[name], at(name)) }
  const noise: DeviceNoise = {
    seed: readCount(entryOf(fields, 'seed'), at('seed')),
    ...pick('mismatch', readMismatches),
    ...pick('jitter', perName(ways, readStd)),
    ...pick('spikeLoss', perName(ways, readChance)),
    ...pick('tick', readAbove0),
    ...pick('readoutJitter', readStd),
    ...pick('weightMismatch', readMismatch),
    ...pick('thresholdMismatch', readMismatch),
    ...pick('delayMismatch', readMismatch),
    ...pick('weightBits', readBits),
    ...pick('weightLevels', readLevels),
    ...pick('weightRange', perName(synapses, readStd)),
    ...pick('delayStep', readAbove0),
    ...pick('delayMin', readStd),
    ...pick('delayMax', readStd),
    ...pick('thresholdBits', readBits),
    ...pick('thresholdRange', perName(neurons, readStd)),
  }
  requireFormats(noise, field)
  return noise
}

const FIELDS = [
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

function perName(names: Names, read: Reader<number>): Reader<PerName> {
  return (value, field) => (typeof value === 'number' ? read(value, field) : byKnownName(names, read)(value, field))
}

/** A number for each of some names that are known. */
export function byKnownName(names: Names, read: Reader<number>): Reader<Readonly<Record<string, number>>> {
  return (value, field) => {
    const entries = Object.entries(withoutUndefined(readRecord(value, field)))
    return Object.fromEntries(
      entries.map(([name, entry]) => {
        requireName(`${field}.${name}`, name, names)
        return [name, read(entry, `${field}.${name}`)]
      }),
    )
  }
}

/** Raises `InputError` NOISE_NAME unless the name is known. */
function requireName(field: string, name: string, { what, known }: Names): void {
  if (known === null || known.includes(name)) return
  const expected = `${what}: ${known.join(', ') || 'there is none'}`
  throw new InputError({ code: 'NOISE_NAME', field, found: JSON.stringify(name), expected })
}

const readMismatch: Reader<Mismatch> = (value, field) => {
  if (typeof value === 'number') return readStd(value, field)
  const fields = withoutUndefined(readRecord(value, field))
  refuseUnknown(fields, ['relative', 'absolute'], field)
  return Object.fromEntries(Object.entries(fields).map(([name, entry]) => [name, readStd(entry, `${field}.${name}`)]))
}

/** Raises `InputError` NOISE_CONFLICT where the formats of a device say what cannot be. */
function requireFormats(noise: DeviceNoise, field: string): void {
  if (noise.weightRange !== undefined && weightCount(noise) === null)
    throw idleRange(`${field}.weightRange`, 'weightBits or weightLevels')
  if (noise.thresholdRange !== undefined && thresholdCount(noise) === null)
    throw idleRange(`${field}.thresholdRange`, 'thresholdBits')
  const { min, max } = delayLevels(noise)
  if (min > max)
    throw new InputError({
      code: 'NOISE_CONFLICT',
      field: `${field}.delayMin`,
      found: `${min} ms as the shortest delay, and ${max} ms as the longest`,
      expected: 'a delay that is neither too short nor too long',
      remedy: 'Lower delayMin or raise delayMax; with delayStep both are multiples of it.',
    })
}

function idleRange(field: string, bits: string): InputError {
  return new InputError({
    code: 'NOISE_CONFLICT',
    field,
    found: `a range without ${bits}`,
    expected: 'the bits whose steps divide it',
    remedy: `Add ${bits}, or leave the range out.`,
  })
}
