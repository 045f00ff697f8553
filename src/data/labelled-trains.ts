import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { type Labels, requireLabelArray } from '../learning/labels.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { integerFrom } from '../network/reading/read-number.js'
import { readTrains, wrongTime } from '../network/reading/read-trains.js'
import { readRecord } from '../network/reading/read-value.js'

/** Recorded or generated input spikes of many trials, each with its class. */
export interface LabelledTrains {
  /** One trial per sample. */
  readonly trains: SpikeTrains
  /** One per trial; 16 bits each where there are more than 256 classes. */
  readonly labels: Labels
  readonly classes: number
  /** Units of the source group. */
  readonly units: number
}

/**
 * Checks labelled trains. Trials without a spike are allowed.
 *
 * Raises `InputError` FIELD_TYPE for labels too narrow for the classes, SHAPE_MISMATCH for lengths that do not fit each
 * other, LABEL_OUT_OF_RANGE, UNIT_OUT_OF_RANGE, INPUT_TIME_NEGATIVE, NUMBER_NOT_FINITE, INPUT_TIMES_UNSORTED for spikes of
 * a trial out of the order of (time, unit).
 */
export function requireLabelledTrains(given: LabelledTrains): void {
  refuseUnknown(readRecord(given, 'trains'), ['trains', 'labels', 'classes', 'units'], '$')
  const { trains, labels, classes } = given
  integerFrom(1)(classes, 'classes')
  integerFrom(1)(given.units, 'units')
  requireLabelArray(labels, classes, 'labels')
  readTrains(trains, 'trains')
  const wrongLabel = labels.findIndex((label) => label >= classes)
  if (wrongLabel >= 0) throw outOfRange('LABEL_OUT_OF_RANGE', `labels[${wrongLabel}]`, labels[wrongLabel], classes)
  requireShape(given)
  for (let trial = 0; trial < labels.length; trial++) requireTrial(given, trial)
  const last = trains.offsets[labels.length] as number
  if (last !== trains.times.length) throw wrongLength('trains.times', trains.times.length, `${last}, the last offset`)
}

function requireShape({ trains: { offsets, times, units }, labels }: LabelledTrains): void {
  const expected = `${labels.length + 1}, one more than labels`
  if (offsets.length !== labels.length + 1) throw wrongLength('trains.offsets', offsets.length, expected)
  if (units.length !== times.length) throw wrongLength('trains.units', units.length, `${times.length}, one per time`)
}

function requireTrial({ trains: { offsets, times, units }, units: size }: LabelledTrains, trial: number): void {
  const [start, end] = [offsets[trial] as number, offsets[trial + 1] as number]
  if (end < start) throw wrongLength(`trains.offsets[${trial + 1}]`, end, `at least ${start}, the one before`)
  for (let k = start; k < end; k++) {
    const [time, unit] = [times[k] as number, units[k] as number]
    if (!(unit < size)) throw outOfRange('UNIT_OUT_OF_RANGE', `trains.units[${k}]`, unit, size)
    if (!(time >= 0 && time < Infinity)) throw wrongTime(`trains.times[${k}]`, time)
    const [timeBefore, unitBefore] = k === start ? [0, 0] : [times[k - 1] as number, units[k - 1] as number]
    if (time > timeBefore || (time === timeBefore && unit >= unitBefore)) continue
    throw new InputError({
      code: 'INPUT_TIMES_UNSORTED',
      field: `trains.times[${k}]`,
      found: `unit ${unit} at ${time} after unit ${unitBefore} at ${timeBefore}`,
      expected: 'the spikes of a trial in the order of (time, unit)',
    })
  }
}

function outOfRange(code: string, field: string, found: number | undefined, count: number): InputError {
  return new InputError({ code, field, found: String(found), expected: `an integer from 0 to ${count - 1}` })
}

function wrongLength(field: string, found: number, expected: string): InputError {
  return new InputError({ code: 'SHAPE_MISMATCH', field, found: String(found), expected })
}
