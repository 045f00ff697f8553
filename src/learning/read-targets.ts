import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { copyOfTrains } from '../events/spike-trains.js'
import { describeValue } from '../network/reading/describe-value.js'
import { keepsRule, refuseNumber } from '../network/reading/read-number.js'
import { readTrains } from '../network/reading/read-trains.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { MOST_CLASSES } from './labels.js'
import { LOSS_RULES } from './loss-rules.js'

/**
 * Target trains as plain data: one train or more, the times of each finite, from 0 and in order. Whether their units are
 * there is for the network to say, see `requireTargetUnits`.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, SHAPE_MISMATCH, NUMBER_NOT_FINITE, TARGET_TIME_NEGATIVE, TARGET_ORDER.
 */
export function readTargets(given: unknown, field: string): SpikeTrains {
  const { offsets, times, units } = readTrains(given, field)
  const rises = offsets.every((offset, k) => k === 0 || offset >= (offsets[k - 1] as number))
  const labels = offsets.length - 1
  if (labels < 1 || labels > MOST_CLASSES || offsets[0] !== 0 || !rises || offsets[labels] !== times.length)
    throw wrongShape(
      `${field}.offsets`,
      `${offsets.length} offsets${rises ? '' : ', which fall'}, up to ${offsets[labels] ?? 0}`,
      `1 more than there are labels, of which there may be ${MOST_CLASSES}, rising from 0 to ${times.length}`,
    )
  if (units.length !== times.length) throw wrongShape(`${field}.units`, `${units.length} units`, `${times.length}`)
  for (let label = 0; label < labels; label++)
    requireTimes(times.subarray(offsets[label], offsets[label + 1]), `${field}.times`, offsets[label] as number)
  return copyOfTrains({ offsets, times, units })
}

/** @param first number of the first of these times in the field */
export function requireTimes(times: ArrayLike<unknown>, field: string, first = 0): void {
  let before = 0
  for (let k = 0; k < times.length; k++) {
    const time = times[k]
    const place = `${field}[${first + k}]`
    if (!keepsRule(time, LOSS_RULES.time)) throw refuseNumber(time, LOSS_RULES.time, place)
    if (time < before)
      throw new InputError({
        code: 'TARGET_ORDER',
        field: place,
        found: `${time} ms after ${before} ms`,
        expected: 'target times of a label in their order',
      })
    before = time
  }
}

/** Raises `InputError` TARGET_UNIT if a target belongs to no unit of the group. */
export function requireTargetUnits(units: ArrayLike<unknown>, size: number, field: string): void {
  for (let k = 0; k < units.length; k++) {
    const unit = units[k]
    if (typeof unit === 'number' && Number.isInteger(unit) && unit >= 0 && unit < size) continue
    throw new InputError({
      code: 'TARGET_UNIT',
      field: `${field}[${k}]`,
      found: describeValue(unit),
      expected: `a unit from 0 to ${size - 1}`,
    })
  }
}
