import { InputError } from '../events/errors.js'
import { isPromised } from '../events/is-promised.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { describeGroup, isGiven } from '../network/description/given-source.js'
import type { Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { readTrains } from '../network/reading/read-trains.js'
import { instanceOf, readObject, readRecord } from '../network/reading/read-value.js'
import { requireLabel } from './evaluate-loss.js'
import { type Labels, requireLabelArray } from './labels.js'
import type { Loss } from './loss.js'
import { classesOf, groupKindOf, nameOfLoss, suitsKind } from './loss-view.js'
import { recordOf } from './losses/record-of.js'
import { readOrigin } from './read-arguments.js'
import type { TaskSamples, Trials } from './session.js'
import { SPLITS } from './task-fingerprint.js'

/** A loss, and the labels it is given. */
export interface LabelledLoss {
  readonly loss: Loss
  /** One per trial; null where the loss needs none. */
  readonly labels: Labels | null
}

/**
 * Checks what a run is handed: a whole number of trials, inputs only of source groups that are given their spikes, in range
 * and in event order. Gives the trials as plain data, whatever objects they were, for only that travels.
 *
 * Raises `InputError` with the codes TRIALS_COUNT, UNTIL_INVALID, INPUT_GROUP, INPUT_SHAPE, INPUT_TIME, INPUT_UNIT,
 * INPUT_ORDER, LOSS_GROUP, LOSS_WITHOUT_END, TARGET_UNIT, LABELS_COUNT, LOSS_LABEL_RANGE, and FIELD_MISSING and FIELD_TYPE
 * for arrays of another type.
 */
export function requireTrials(network: Network, trials: Trials, loss: LabelledLoss | null): Trials {
  const { count, until } = requireExtent(trials)
  const plain = requireInputs(network, trials.inputs, count)
  if (loss !== null) requireLabelledLoss(network, loss, count, until)
  return { count, until, inputs: plain }
}

/** The same for trials whose inputs are encoded elsewhere, and checked there. */
export function requireNamedTrials(
  network: Network,
  trials: Pick<Trials, 'count' | 'until'>,
  loss: LabelledLoss | null,
): Pick<Trials, 'count' | 'until'> {
  const { count, until } = requireExtent(trials)
  if (loss !== null) requireLabelledLoss(network, loss, count, until)
  return { count, until }
}

/**
 * Checks how trials say which samples they are, as far as one can tell.
 *
 * Raises `InputError` SAMPLES_COUNT, SAMPLES_SPLIT, and FIELD_MISSING and FIELD_TYPE.
 */
export function requireTaskSamples(samples: TaskSamples, count: number): TaskSamples {
  const field = 'trials.samples'
  readObject(samples, field)
  const { origin, fingerprint, split, numbers, draw } = samples
  readOrigin(origin, `${field}.origin`)
  readObject(fingerprint, `${field}.fingerprint`)
  for (const name of SPLITS) readObject(fingerprint[name], `${field}.fingerprint.${name}`)
  if (!SPLITS.includes(split))
    fail('SAMPLES_SPLIT', `${field}.split`, describeValue(split), `one of ${SPLITS.join(', ')}`)
  instanceOf(Uint32Array)(numbers, `${field}.numbers`)
  if (numbers.length !== count)
    fail('SAMPLES_COUNT', `${field}.numbers`, `${numbers.length} samples`, `${count}, one per trial`)
  if (draw !== undefined) readObject(draw, `${field}.draw`)
  return samples
}

function requireExtent(trials: Pick<Trials, 'count' | 'until'>): Pick<Trials, 'count' | 'until'> {
  readObject(trials, 'trials')
  const { count, until } = trials
  if (!Number.isInteger(count) || count < 1)
    fail('TRIALS_COUNT', 'trials.count', describeValue(count), 'a whole number from 1')
  if (!(typeof until === 'number' && until > 0))
    fail('UNTIL_INVALID', 'trials.until', describeValue(until), 'a time above 0 ms')
  return { count, until }
}

/** The inputs of `count` trials as plain data, checked; raises the `InputError`s of `requireTrials`. */
export function requireInputs(network: Network, inputs: Trials['inputs'], count: number): Trials['inputs'] {
  if (isPromised(inputs)) fail('FIELD_TYPE', 'trials.inputs', 'a promise', 'spikes by source group, at once')
  const plain = new Map<string, SpikeTrains>()
  for (const [name, trains] of Object.entries(readRecord(inputs, 'trials.inputs') as Trials['inputs'])) {
    const group = network.groups.find((candidate) => candidate.name === name)
    const field = `trials.inputs.${name}`
    if (group === undefined || !isGiven(group)) {
      const sources = network.groups.filter(isGiven).map((source) => source.name)
      const found = group === undefined ? `no group "${name}"` : `"${name}", ${describeGroup(group)}`
      fail(
        'INPUT_GROUP',
        field,
        found,
        `a source group that is given its spikes: ${sources.join(', ') || 'there is none'}`,
      )
    }
    plain.set(name, requireTrains(field, trains, count, group.size))
  }
  return Object.fromEntries(plain)
}

function requireLabelledLoss(network: Network, { loss, labels }: LabelledLoss, count: number, until: number): void {
  const record = recordOf(loss)
  const target = network.groups.find(({ name }) => name === loss.group)
  const kind = groupKindOf(loss)
  if (target === undefined || !suitsKind(target, kind)) {
    const found = target === undefined ? `no group "${loss.group}"` : `"${target.name}", of kind ${target.kind}`
    fail('LOSS_GROUP', 'loss.group', found, `a group of kind ${kind} for the loss "${nameOfLoss(loss)}"`)
  }
  record.check?.(loss, { size: target.size, until })
  if (labels === null) return
  requireLabelArray(labels, classesOf(loss, target.size), 'labels')
  if (labels.length !== count) fail('LABELS_COUNT', 'labels', `${labels.length} labels`, `${count}, one per trial`)
  for (let trial = 0; trial < count; trial++) requireLabel(loss, target.size, trial, labels[trial] as number)
}

/** Spike trains of one group over `count` trials; raises INPUT_SHAPE, INPUT_TIME, INPUT_UNIT, INPUT_ORDER. */
export function requireTrains(field: string, trains: SpikeTrains, count: number, size: number): SpikeTrains {
  const { offsets, times, units } = readTrains(trains, field)
  const total = offsets[count]
  let falls = false
  for (let k = 1; k < offsets.length; k++) falls ||= (offsets[k] as number) < (offsets[k - 1] as number)
  if (
    offsets.length !== count + 1 ||
    offsets[0] !== 0 ||
    total !== times.length ||
    units.length !== times.length ||
    falls
  )
    fail(
      'INPUT_SHAPE',
      field,
      `${offsets.length} offsets${falls ? ', which fall' : ''}, ${times.length} times, ${units.length} units`,
      `${count + 1} offsets that rise from 0 to the number of times, and as many units`,
    )
  const found = { offsets, times, units }
  for (let trial = 0; trial < count; trial++) requireTrain(field, found, trial, size)
  return found
}

function requireTrain(field: string, { offsets, times, units }: SpikeTrains, trial: number, size: number): void {
  const to = offsets[trial + 1] as number
  let before = 0
  let unitBefore = 0
  for (let k = offsets[trial] as number; k < to; k++) {
    const time = times[k] as number
    const unit = units[k] as number
    if (!(time >= 0 && time < Infinity))
      fail('INPUT_TIME', `${field}.times[${k}]`, String(time), 'a finite time from 0 ms')
    if (unit >= size) fail('INPUT_UNIT', `${field}.units[${k}]`, String(unit), `a unit from 0 to ${size - 1}`)
    if (before > time || (before === time && unitBefore > unit))
      fail(
        'INPUT_ORDER',
        `${field}.times[${k}]`,
        `unit ${unit} at ${time} ms after unit ${unitBefore} at ${before} ms`,
        'spikes of a trial in the order of (time, unit)',
      )
    before = time
    unitBefore = unit
  }
}

function fail(code: string, field: string, found: string, expected: string): never {
  throw new InputError({ code, field, found, expected })
}
