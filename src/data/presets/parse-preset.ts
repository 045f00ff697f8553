import { type NamedLoss, namesModule, readNamedLoss } from '../../learning/losses/named-loss.js'
import { type FileOptionName, OPTION_RECORDS } from '../../learning/options/training-options.js'
import { refuseRemoved, withoutRemoved } from '../../learning/removed-options.js'
import type { ParameterKind } from '../../learning/session.js'
import type { TrainOptions } from '../../learning/train-options.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { fieldIn, type Readers, readFields, refuseUnknown } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { constantOf, type Reader, readRecord, readString, wordOf } from '../../network/reading/read-value.js'
import { withDefault } from '../../network/reading/read-variant.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { IMAGE_DATA_READERS } from '../images/image-task.js'
import type { LayeredOptions } from '../layered/layered-options.js'
import { LAYERED_READERS } from '../layered/layered-readers.js'
import { SPIKE_TIMES_DATA_READERS } from '../patterns/spike-times.js'
import { TEMPORAL_PATTERNS_DATA_READERS } from '../patterns/temporal-patterns.js'
import { EVENT_DATA_READERS } from '../recordings/task/event-task-options.js'
import { YIN_YANG_DATA_READERS } from '../yin-yang.js'
import { type Preset, TASK_NAMES, type TaskName, type TaskOptions } from './preset.js'

/** What the training of a preset can say: the options that are data. */
type PresetTraining = Pick<TrainOptions, FileOptionName>

/** Readers of the training of a preset. */
const TRAINING_READERS = Object.freeze(
  Object.fromEntries(OPTION_RECORDS.flatMap(([name, { read }]) => (read === undefined ? [] : [[name, read]]))),
) as unknown as Readers<PresetTraining>

/**
 * The training of a preset; optimiser, epochs and what is learned must be said, or FIELD_MISSING is raised. Raises
 * TRAIN_OPTION_REMOVED for options that were removed, unless they are passed over.
 */
export function readTraining(
  value: unknown,
  field: string,
  removed: 'refused' | 'passed over' = 'refused',
): PresetTraining & { readonly learn: readonly ParameterKind[] } {
  if (removed === 'refused') refuseRemoved(value, field)
  const given = removed === 'refused' ? value : withoutRemoved(readRecord(value, field))
  const { optimizer, epochs, learn, ...training } = readFields<PresetTraining>(given, field, TRAINING_READERS)
  return {
    ...training,
    optimizer: required(optimizer, fieldIn(field, 'optimizer'), 'an optimiser'),
    epochs: required(epochs, fieldIn(field, 'epochs'), 'an integer from 1'),
    learn: required(learn, fieldIn(field, 'learn'), 'a list of kinds of parameters'),
  }
}

function required<Value>(value: Value | undefined, field: string, expected: string): Value {
  if (value === undefined) throw wrongType(value, field, expected)
  return value
}

export const PRESET_FORMAT = 'antidrome-preset'
export const PRESET_VERSION = 1

const DATA_READERS: { readonly [Name in TaskName]: Readers<Omit<TaskOptions[Name], keyof LayeredOptions>> } =
  Object.freeze({
    'yin-yang': YIN_YANG_DATA_READERS,
    mnist: IMAGE_DATA_READERS,
    'fashion-mnist': IMAGE_DATA_READERS,
    'temporal-patterns': TEMPORAL_PATTERNS_DATA_READERS,
    'spike-times': SPIKE_TIMES_DATA_READERS,
    events: EVENT_DATA_READERS,
  })

/**
 * The settings that a preset file holds: `format`, `version`, `task`, `comments`, `network` and `data` with the names
 * of the task's options, `training` with those of `TrainOptions`. Rates and bounds may name more kinds than are learned.
 *
 * Raises `InputError` naming file, place, found and expected: JSON_INVALID, JSON_DUPLICATE_KEY, PRESET_FORMAT,
 * FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, SHAPE_MISMATCH, LEARN_*, LOSS_*,
 * OPTIMIZER_OPTION, SCHEDULE_KIND_UNKNOWN, MODULES_FORBIDDEN for a loss of a module, whose code would run.
 */
export function parsePreset(text: string, file?: string): Preset {
  return parsePresetFile({ text, file, base: null }).preset
}

/** A preset, and the loss that it names of a module, which its training then lacks. */
export interface PresetFile<Settings> {
  readonly preset: Settings
  readonly namedLoss: NamedLoss | null
}

/** The same of a file that may name the module of a loss. */
export function parsePresetFile(source: PresetSource): PresetFile<Preset> {
  return parsePresetOf(source, wordOf(TASK_NAMES), (data, task) => readFields<object>(data, 'data', DATA_READERS[task]))
}

/** The text of a preset, and where it is from. */
export interface PresetSource {
  readonly text: string
  readonly file: string | undefined
  /** `file:` URL of the file, against which a path is resolved; null: none may be named. */
  readonly base: string | null
  /** Of options of the training that were removed; default: refused. */
  readonly removed?: 'refused' | 'passed over'
}

/** What a preset says of the task that it names. */
interface ParsedPreset<Name extends string> {
  readonly task: Name
  readonly comments: readonly string[]
  readonly options: LayeredOptions & Readonly<Record<string, unknown>>
  readonly training: Preset['training']
}

/** The same of any tasks, by how their names and their data are read. */
export function parsePresetOf<Name extends string>(
  { text, file, base, removed }: PresetSource,
  readTask: Reader<Name>,
  readData: (data: unknown, task: Name) => object,
): PresetFile<ParsedPreset<Name>> {
  return readingFile(file, () => {
    const record = readRecord(parseJson(text), '$')
    refuseUnknown(record, ['format', 'version', 'task', 'comments', 'network', 'data', 'training'], '$')
    constantOf(PRESET_FORMAT, 'PRESET_FORMAT')(record.format, 'format')
    constantOf(PRESET_VERSION, 'PRESET_FORMAT')(record.version, 'version')
    const task = readTask(record.task, 'task')
    const { network = {}, data = {} } = record
    const { training, namedLoss } = withoutNamedLoss(record.training, base)
    const preset = {
      task,
      comments: withDefault(listOf(readString), [])(record.comments, 'comments'),
      options: { ...readLayers(network), ...readData(data, task) },
      training: readTraining(training, 'training', removed),
    }
    return { preset, namedLoss }
  })
}

function withoutNamedLoss(
  training: unknown,
  base: string | null,
): { readonly training: unknown; readonly namedLoss: NamedLoss | null } {
  const { loss, ...rest } = readRecord(training, 'training')
  if (loss === undefined) return { training, namedLoss: null }
  const given = readRecord(loss, 'training.loss')
  if (!namesModule(given)) return { training, namedLoss: null }
  return { training: rest, namedLoss: readNamedLoss(given, 'training.loss', base) }
}

function readLayers(network: unknown): LayeredOptions {
  // What has delays follows from what is learned.
  const { learnDelays: _, ...readers } = LAYERED_READERS
  return readFields<Omit<LayeredOptions, 'learnDelays'>>(network, 'network', readers)
}
