import { InputError } from '../../../events/errors.js'
import { requireFit } from '../../../learning/require-fit.js'
import type { DataSettings, SplitName, Task } from '../../../learning/task.js'
import { SPIKING_RATE } from '../../../learning/until-spiking/until-spiking.js'
import { readOptions } from '../../../network/reading/read-fields.js'
import { LARGEST_SIZE } from '../../../network/validation/read-group-draft.js'
import { completeSettings } from '../../layered/complete-settings.js'
import { layeredNetwork } from '../../layered/layered-network.js'
import type { LayeredOptions } from '../../layered/layered-options.js'
import { LAYERED_READERS } from '../../layered/layered-readers.js'
import { shapeSize } from '../../shape-size.js'
import { measuredTask, ownLoss } from '../../user/measured-task.js'
import { OWN_TASK_DEFAULTS } from '../../user/user-network.js'
import type { EventRecordings } from '../event-recordings.js'
import { readRecordings } from '../read-recordings.js'
import { requirePicture } from './affine-move.js'
import { AUGMENTATION_DEFAULTS } from './augmentation-options.js'
import { createEventDataset } from './event-dataset.js'
import { lateNotes, pooledNotes, rateNotes, untrainedNotes } from './event-notes.js'
import {
  EVENT_DATA_READERS,
  type EventDataOptions,
  type EventSplit,
  type EventTaskOptions,
} from './event-task-options.js'
import { createPooling, type Pooling } from './pooling.js'
import { type EventNote, overlapNotes, type RecordingSplits, splitRecordings } from './split-recordings.js'
import { type Survey, surveyed } from './survey.js'

const NAME = 'events'
/** Samples that the first weights are measured with. */
const MEASURED = 16

/**
 * The task of telling the classes of recordings apart, with a layered network between `input` and `output` that does not
 * start silent.
 *
 * Raises `InputError` FIELD_*, OPTION_*, SPLIT_EMPTY, GROUP_UNKNOWN, GROUP_VALUE_UNKNOWN for splits that cannot be, and what
 * reading a recording raises; SHAPE_MISMATCH for changes of pictures that are none; RATE_UNREACHABLE when the network is first
 * asked for, which is when it is measured.
 *
 * @example
 * const recordings = await readNpz('digits.npz')
 * const split = { by: 'speaker', validation: [20, 21, 22, 23], test: [24, 25, 26, 27] }
 * const task = eventTask(recordings, { split, pool: 10, deadTime: 5, augment: { shift: 15 }, learnDelays: true })
 */
export function eventTask(recordings: EventRecordings, options: EventTaskOptions = {}): Task {
  return eventTaskWithNotes(recordings, options).task
}

/** The same, and what `eventNotes` says of it. */
export function eventTaskWithNotes(
  recordings: EventRecordings,
  options: EventTaskOptions,
): { readonly task: Task; readonly notes: readonly EventNote[] } {
  const given = readEventTaskOptions(options)
  readRecordings(recordings, 'recordings')
  const { split = {}, pool = 1, deadTime = 0, rate } = given
  const augment = { ...AUGMENTATION_DEFAULTS, ...given.augment }
  requirePicture(augment, recordings.shape)
  requireFewUnits(recordings)
  const survey = surveyed(recordings)
  const { firsts, last } = survey
  // Trials end before `until`.
  const until = given.until ?? Math.floor(last) + 1
  const pooling = createPooling(recordings.shape, pool)
  const splits = splitRecordings(recordings, split)
  const encoding = { pooling, deadTime, until, augment }
  const dataset = (name: SplitName) => createEventDataset(recordings, splits[name], encoding, firsts)
  const layers = layeredPart(given)
  const settings = completeSettings(layers, OWN_TASK_DEFAULTS, LAYERED_READERS)
  const described = layeredNetwork({ inputs: pooling.inputs, outputs: recordings.classes }, settings)
  const task = {
    name: NAME,
    settings: settingsOf(recordings, { split, pool, deadTime, until, augment }),
    ...{ train: dataset('train'), validation: dataset('validation'), test: dataset('test') },
    until,
    loss: ownLoss(settings, until),
    network: described,
  }
  requireFit(described, task.loss, task)
  const range = rate ?? (isDrawnByMean(layers) ? 'asDrawn' : SPIKING_RATE)
  const notes = notesOn(recordings, { split, splits, survey, pool, pooling })
  const doubts = [...lateNotes(survey), ...rateNotes(survey, recordings)]
  const measured = {
    rate: range === 'asDrawn' ? null : range,
    seed: 0,
    samples: MEASURED,
    scaled: true,
    requireSpikes: () => requireSpikes(task),
    explained: (error: unknown) => withDoubts(error, doubts),
  }
  return { task: measuredTask(task, measured), notes }
}

/** Whether the strength of weights into a hidden layer is given outright; a drive says only how they are shared out. */
function isDrawnByMean({ weights = {} }: LayeredOptions): boolean {
  return [weights.input, weights.hidden].some((draw) => draw !== undefined && 'mean' in draw)
}

/** Raises `InputError` SHAPE_MISMATCH for more units than a network may have inputs. */
function requireFewUnits({ shape }: EventRecordings): void {
  const size = shapeSize(shape)
  if (size <= LARGEST_SIZE) return
  throw new InputError({
    code: 'SHAPE_MISMATCH',
    field: 'recordings.shape',
    found: `[${shape.join(', ')}], of ${size} units`,
    expected: `${LARGEST_SIZE} units at most`,
    remedy: 'Number units from 0 without gaps: the highest number says how many there are.',
  })
}

/** Raises `InputError` RATE_UNREACHABLE where there is nothing to measure a network with. */
function requireSpikes({ train, until }: Pick<Task, 'train' | 'until'>): void {
  if (train.emptyTrials !== train.size) return
  throw new InputError({
    code: 'RATE_UNREACHABLE',
    field: 'options.until',
    found: `${until} ms, before which none of ${train.size} training recordings has an event`,
    expected: 'events to scale the first weights by',
    remedy: 'End trials later, and check the unit of the times.',
  })
}

/** Times that are wrong are why a network stays silent, and nothing else is then worth a try. */
function withDoubts(error: unknown, doubts: readonly EventNote[]): unknown {
  const [doubt] = doubts
  if (doubt === undefined || !(error instanceof InputError)) return error
  return new InputError({ ...error.mistake, remedy: `Look at the times first: ${doubt.message}`, cause: error })
}

/**
 * What a person should know of recordings and how they are split: that a speaker, or whatever else is known of them, has
 * recordings in several splits (a split by a group is deliberate); that a class has none to learn from;
 * that times seem to be counted from elsewhere, or to be in another unit; that all units are pooled into one input.
 *
 * Raises the `InputError`s of `eventTask` that are about the recordings and the split.
 *
 * @example
 * for (const { message } of eventNotes(recordings, options)) console.warn(message)
 */
export function eventNotes(recordings: EventRecordings, options: EventTaskOptions = {}): readonly EventNote[] {
  const { split = {}, pool = 1 } = readEventTaskOptions(options)
  readRecordings(recordings, 'recordings')
  requireFewUnits(recordings)
  const [survey, splits] = [surveyed(recordings), splitRecordings(recordings, split)]
  return notesOn(recordings, { split, splits, survey, pool, pooling: createPooling(recordings.shape, pool) })
}

interface Noted {
  readonly split: EventSplit
  readonly splits: RecordingSplits
  readonly survey: Survey
  readonly pool: number
  readonly pooling: Pooling
}

function notesOn(recordings: EventRecordings, { split, splits, survey, pool, pooling }: Noted): readonly EventNote[] {
  return [
    ...('by' in split ? [] : overlapNotes(recordings, splits)),
    ...untrainedNotes(recordings, splits),
    ...lateNotes(survey),
    ...rateNotes(survey, recordings),
    ...pooledNotes(recordings, pooling, pool),
  ]
}

/** The options, checked by themselves. Raises `InputError` FIELD_*, OPTION_*, NUMBER_NOT_FINITE, SHAPE_MISMATCH. */
export function readEventTaskOptions(options: EventTaskOptions): EventTaskOptions {
  return readOptions<EventTaskOptions>(options, { ...LAYERED_READERS, ...EVENT_DATA_READERS })
}

function layeredPart(given: EventTaskOptions): LayeredOptions {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(LAYERED_READERS, name)))
}

function settingsOf(
  { digest }: EventRecordings,
  { split, augment, ...numbers }: Required<Omit<EventDataOptions, 'rate'>>,
): DataSettings {
  return { data: digest, split: splitSettings(split), ...numbers, augment: { ...augment } }
}

/** Settings have no lists. */
function splitSettings(split: EventSplit): DataSettings {
  const entries = Object.entries(split).filter(([, value]) => value !== undefined)
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? JSON.stringify(value) : value]),
  )
}
