import { FASHION_MNIST_FILES, MNIST_FILES } from '../data/files/image-sources.js'
import { readFashionMnist, readMnist } from '../data/files/read-image-task.js'
import type { ImageSource } from '../data/files/read-images.js'
import { FASHION_MNIST_CLASSES } from '../data/images/fashion-mnist.js'
import { type ImageTaskOptions, imageNetwork } from '../data/images/image-task.js'
import { MNIST_CLASSES } from '../data/images/mnist.js'
import { SPIKE_TIMES_DEFAULTS, spikeTimes, spikeTimesNetwork } from '../data/patterns/spike-times.js'
import {
  TEMPORAL_PATTERNS_DEFAULTS,
  temporalPatterns,
  temporalPatternsNetwork,
} from '../data/patterns/temporal-patterns.js'
import { type Preset, TASK_NAMES, type TaskName, type TaskOptions } from '../data/presets/preset.js'
import type { EventNote } from '../data/recordings/task/split-recordings.js'
import { yinYang, yinYangNetwork, yinYangSettings } from '../data/yin-yang.js'
import { YIN_YANG_CLASSES } from '../data/yin-yang-disc.js'
import { InputError } from '../events/errors.js'
import { classNameOf } from '../learning/class-name.js'
import type { Loss, LossModule } from '../learning/loss.js'
import type { NamedLoss } from '../learning/losses/named-loss.js'
import { inPlaceOf } from '../learning/read-loss.js'
import type { Session } from '../learning/session.js'
import type { Task } from '../learning/task.js'
import type { TrainOptions } from '../learning/train-options.js'
import type { Network } from '../network/description/network.js'
import { suggestionFor } from '../network/reading/nearest-name.js'
import type { FormatsRecord } from './chip/flags/chip-device.js'
import { type EventFlags, eventFlagsOf } from './events/event-flags.js'
import { prepareEvents } from './events/prepare-events.js'
import { loadNamedLoss } from './loss/load-named-loss.js'
import { type PresetFlags, presetOf } from './preset-flags.js'
import type { ProgressWords } from './progress-words.js'
import { refuseFlags } from './refuse-flags.js'
import type { TaskModule } from './task-module/load-task.js'
import { prepareUserTask } from './task-module/prepare-user-task.js'
import { isTaskFile } from './task-module/task-file.js'
import { yinYangDecisionMap } from './train/yin-yang-decision-map.js'

/** A task with the settings it is trained with. */
export interface PreparedTask {
  readonly task: Task
  readonly training: TrainOptions & Required<Pick<TrainOptions, 'learn' | 'batch'>>
  /** Of a chip, which are part of the noise it is trained with. */
  readonly formats?: FormatsRecord
  /** Of a task of the user's own, the module that it is from. */
  readonly module?: TaskModule
  /** Where a file has named it, the module of the loss. */
  readonly lossModule?: LossModule
  /** Notes to report about the task before it is trained. */
  readonly notes?: readonly EventNote[]
  /** The names of the classes, in label order. */
  readonly classes: readonly string[]
  /** What only this task can show: SVG texts by file name. `trained` is the task with the loss it was trained with. */
  draw(session: Session, trained: Task): Promise<Readonly<Record<string, string>>>
}

/** What the command line says about a task. */
export interface TaskChoice extends PresetFlags, EventFlags {
  /** Folder of the files of a task that reads some. */
  readonly data?: string
}

/** Of a preset that says nothing about it. */
const DEFAULT_BATCH = 32

/** A task that is known by name. */
interface TaskKind<Options> {
  network(options: Options, choice: TaskChoice): Network | Promise<Network>
  prepare(options: Options, choice: TaskChoice, tell?: ProgressWords): Promise<Omit<PreparedTask, 'training'>>
  /** Whether samples are read from files. */
  readonly readsFiles: boolean
}

const TASKS: { readonly [Name in TaskName]: TaskKind<TaskOptions[Name]> } = Object.freeze({
  'yin-yang': {
    readsFiles: false,
    network: yinYangNetwork,
    prepare: async (options) => {
      return {
        task: yinYang(options),
        classes: YIN_YANG_CLASSES,
        draw: async (session, trained) => ({
          'decision-map': await yinYangDecisionMap(session, trained, yinYangSettings(options)),
        }),
      }
    },
  },
  mnist: imageKind(readMnist, MNIST_FILES, MNIST_CLASSES),
  'fashion-mnist': imageKind(readFashionMnist, FASHION_MNIST_FILES, FASHION_MNIST_CLASSES),
  'temporal-patterns': patternKind<TaskOptions['temporal-patterns']>(
    temporalPatterns,
    temporalPatternsNetwork,
    ({ classes = TEMPORAL_PATTERNS_DEFAULTS.classes }) => classes,
  ),
  'spike-times': patternKind<TaskOptions['spike-times']>(
    spikeTimes,
    spikeTimesNetwork,
    ({ patterns = SPIKE_TIMES_DEFAULTS.patterns }) => patterns,
  ),
  events: {
    readsFiles: true,
    // It depends on the recordings.
    network: async (options, choice) => (await prepareEvents(options, choice)).task.network,
    prepare: async (options, choice, tell) => {
      const prepared = await prepareEvents(options, choice, ({ done, total }) => {
        tell?.(`reading ${choice.data}: ${Math.floor((100 * done) / total)} %`)
      })
      return { ...prepared, draw: drawNothing }
    },
  },
})

/** A task whose samples are generated from patterns that have no names. */
function patternKind<Options>(
  create: (options: Options) => Task,
  network: (options: Options) => Network,
  countOf: (options: Options) => number,
): TaskKind<Options> {
  return {
    readsFiles: false,
    network,
    prepare: async (options) => ({
      task: create(options),
      classes: Array.from({ length: countOf(options) }, (_, label) => `pattern ${label}`),
      draw: drawNothing,
    }),
  }
}

export function isTask(name: string): name is TaskName {
  return TASK_NAMES.some((known) => known === name)
}

export function taskNames(): readonly string[] {
  return TASK_NAMES
}

/** Whether the samples of a task are read from files, for which there is `--data`. */
export function readsFiles(name: TaskName): boolean {
  return TASKS[name].readsFiles
}

/** Whether a network is trained on what has this name: a task there is, or the file of a module. */
export function isTrained(name: string): boolean {
  return isTask(name) || isTaskFile(name)
}

/**
 * Prepares one of the tasks `train` knows, or that of a module, with the settings of its preset and what flags say instead.
 *
 * Raises `InputError` TASK_UNKNOWN, DATA_MISSING, FLAG_CONFLICT for files of a task that has none, PRESET_*,
 * MODULES_FORBIDDEN for a loss that a preset names without leave, and whatever is wrong with a preset or a data file.
 *
 * @param field who named the task, such as a flag
 * @param tell called with what is being read, where that takes long
 */
export async function prepareTask(
  name: string,
  choice: TaskChoice,
  field = 'task',
  tell?: ProgressWords,
): Promise<PreparedTask> {
  if (isTaskFile(name)) return prepareTaskOfFile(name, choice, field)
  const kind = kindOf(name, field)
  const { preset, namedLoss } = await presetOf(name as TaskName, choice)
  const { options, training } = preset
  if (!kind.readsFiles) refuseFlags(choice, ['data'], `the samples of ${name} are generated`)
  refuseEventFlags(name, choice)
  const { task, ...rest } = await kind.prepare(options, choice, tell)
  return { ...rest, ...(await withTraining(task, training, namedLoss, choice)) }
}

async function prepareTaskOfFile(name: string, choice: TaskChoice, field: string): Promise<PreparedTask> {
  refuseFlags(choice, ['data'], 'a module finds its samples by itself')
  refuseEventFlags(name, choice)
  const { task, training, module, namedLoss } = await prepareUserTask(name, choice, field)
  const { classNames } = task.train
  const classes = Array.from({ length: task.train.classes }, (_, label) => classNameOf(classNames, label))
  return { ...(await withTraining(task, training, namedLoss, choice)), module, classes, draw: drawNothing }
}

function refuseEventFlags(name: string, choice: TaskChoice): void {
  if (name === 'events') return
  const given = eventFlagsOf(choice)
  refuseFlags(given, Object.keys(given) as (keyof typeof given)[], `it is about recordings, the task events`)
}

/** A task and its training, with the loss of the preset if it says one, loaded. */
async function withTraining(
  task: Task,
  given: Preset['training'],
  namedLoss: NamedLoss | null,
  choice: TaskChoice,
): Promise<Pick<PreparedTask, 'task' | 'training' | 'lossModule'>> {
  const { batch = DEFAULT_BATCH } = given
  const training = { ...given, batch }
  if (namedLoss === null) return { task: { ...task, loss: inPlaceOf(given.loss ?? task.loss, task.loss) }, training }
  const place = { file: choice.preset ?? '', field: 'training.loss' }
  return withNotedLoss({ task, training }, await loadNamedLoss(namedLoss, place, choice))
}

/** A task with the loss that a file says; what it names of a module is noted. */
export function withNotedLoss<Prepared extends Pick<PreparedTask, 'task' | 'training'>>(
  prepared: Prepared,
  loss: Loss,
): Prepared & Pick<PreparedTask, 'lossModule'> {
  const { task, training } = prepared
  const named = loss.kind === 'own' && loss.module !== undefined ? { lossModule: loss.module } : {}
  return { ...prepared, task: { ...task, loss }, training: { ...training, loss }, ...named }
}

/**
 * The network of a task alone: no file of samples is read but by a module, and by `events`, whose network depends on them. Raises the `InputError`s of `prepareTask` that
 * are not about data.
 */
export async function taskNetwork(name: string, choice: TaskChoice): Promise<Network> {
  if (isTaskFile(name)) return (await prepareUserTask(name, choice, 'task')).task.network
  const kind = kindOf(name, 'task')
  const { preset } = await presetOf(name as TaskName, choice)
  return kind.network(preset.options, choice)
}

/** Raises `InputError` TASK_UNKNOWN. */
export function requireTaskName(name: string, field: string): void {
  if (!isTaskFile(name)) kindOf(name, field)
}

/** Whatever the options of a preset are, they are those of its task. */
function kindOf(name: string, field: string): TaskKind<object> {
  if (isTask(name)) return TASKS[name]
  throw new InputError({
    code: 'TASK_UNKNOWN',
    field,
    found: JSON.stringify(name),
    expected: `one of the tasks there are: ${taskNames().join(', ')}; or a module FILE.js`,
    ...suggestionFor(name, taskNames()),
  })
}

function imageKind(
  read: (folder: string, options: ImageTaskOptions) => Promise<Task>,
  source: ImageSource,
  classes: readonly string[],
): TaskKind<ImageTaskOptions> {
  return {
    readsFiles: true,
    network: imageNetwork,
    prepare: async (options, { data }) => {
      if (data === undefined) throw dataMissing(source)
      const task = await read(data, options).catch((error: unknown) => {
        throw inTermsOfFlag(error)
      })
      return { task, classes, draw: drawNothing }
    },
  }
}

/** A file that cannot be read is named, and the flag that leads to it. */
function inTermsOfFlag(error: unknown): unknown {
  if (!(error instanceof InputError) || error.mistake.field !== 'file') return error
  return new InputError({ ...error.mistake, field: '--data', cause: error })
}

function dataMissing({ remedy }: ImageSource): InputError {
  return new InputError({
    code: 'DATA_MISSING',
    field: '--data',
    found: 'no folder',
    expected: 'the folder with the files of the task',
    remedy,
  })
}

async function drawNothing(): Promise<Readonly<Record<string, string>>> {
  return {}
}
