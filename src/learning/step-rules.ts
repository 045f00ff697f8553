import type { RateBand } from '../dynamics/models/rate-band.js'
import { InputError } from '../events/errors.js'
import type { Group, Network } from '../network/description/network.js'
import { weightsOfSign } from '../network/description/sign.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readList } from '../network/reading/read-list.js'
import { readRecord } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import type { Bounds } from './default-bounds.js'
import type { ParameterKind } from './session.js'

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

/** Raises `InputError` TRAIN_OPTION unless min <= max, and min >= 0, or > 0, where nothing below has a meaning. */
export function requireBounds(field: string, kind: ParameterKind, bounds: Bounds): Bounds {
  const { length } = readList(bounds, field)
  if (length !== 2) throw wrongShape(field, `${length} values`, '[min, max]')
  const [min, max] = bounds
  const areNumbers = typeof min === 'number' && typeof max === 'number'
  requireNumber(field, min, areNumbers && min <= max, `at most ${max}, the upper bound`)
  if (kind === 'delays' || kind === 'adaptation') requireNumber(field, min, min >= 0, 'a lower bound from 0')
  if (kind === 'taus') requireNumber(field, min, min > 0, 'a lower bound above 0')
  return [min, max]
}

/** Raises `InputError` TRAIN_OPTION if bounds of weights are at odds with the sign of a projection. */
export function requireSignedBounds({ projections }: Network, field: string, bounds: Bounds | undefined): void {
  if (bounds === undefined) return
  for (const { key, sign } of projections) {
    const [least, most] = weightsOfSign(sign)
    const isOpen = bounds[0] <= most && bounds[1] >= least
    requireNumber(
      field,
      bounds[0] > most ? bounds[0] : bounds[1],
      isOpen,
      `bounds that hold 0, for "${key}" is ${sign}`,
    )
  }
}

/** Raises `InputError` TRAIN_OPTION unless the value is a finite number from 0. */
export function requireStrength(field: string, value: number): void {
  requireNumber(field, value, Number.isFinite(value) && value >= 0, 'a finite number from 0')
}

/** Raises `InputError` TRAIN_OPTION and TRAIN_GROUP unless each strength belongs to an lif group. */
export function requireGroupStrengths(
  network: Network,
  field: string,
  strengths: Readonly<Record<string, number>>,
): void {
  for (const [group, value] of Object.entries(strengths)) {
    requireGroup(network, group, `${field}.${group}`, 'lif')
    requireStrength(`${field}.${group}`, value)
  }
}

/**
 * Raises `InputError` TRAIN_OPTION, TRAIN_GROUP, FIELD_MISSING and FIELD_TYPE unless each band belongs to an lif group, with
 * 0 <= low <= high.
 */
export function requireRateBands(network: Network, field: string, bands: Readonly<Record<string, RateBand>>): void {
  for (const [group, band] of Object.entries(bands)) {
    const place = `${field}.${group}`
    requireGroup(network, group, place, 'lif')
    const { low, high, strength } = readRecord(band, place) as unknown as RateBand
    requireStrength(`${place}.low`, low)
    requireNumber(
      `${place}.high`,
      high,
      typeof high === 'number' && high >= low,
      `a number from ${low}, the lower bound`,
    )
    requireStrength(`${place}.strength`, strength)
  }
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
