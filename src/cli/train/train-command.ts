import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { describeOneClass } from '../../learning/diagnosis/one-class.js'
import { requireGridNetwork, requireGridStep } from '../../learning/surrogate/require-grid-network.js'
import type { Task } from '../../learning/task.js'
import { configureTraining } from '../../learning/training-config.js'
import { oneOf, someText, wholeNumberList, wrongValue } from '../../network/reading/flag-values.js'
import { runPath } from '../../storage/run-folder.js'
import { addCheckpointFlags, requireCheckpointPlace } from '../checkpoint/checkpoint-flags.js'
import { folderOf, placeOfRun } from '../checkpoint/checkpoint-place.js'
import { type OpenObjectStore, openStoreOf } from '../checkpoint/open-checkpoint-store.js'
import { addChipDeviceFlag, formatsInWords } from '../chip/flags/chip-device.js'
import { requirePlacement, withPlacement } from '../chip/flags/placement-flag.js'
import { addEventEndFlag, addEventFlags } from '../events/event-flags.js'
import { requireRemote } from '../join/require-remote.js'
import { addLearningFlags } from '../learning-flags.js'
import { withLossFile } from '../loss/with-loss-file.js'
import { addModulesFlag } from '../modules-flag.js'
import { inTermsOfDevice } from '../noise/in-terms-of-device.js'
import { addTrainingNoiseFlags } from '../noise/noise-flags.js'
import { warnOfSilence } from '../noise/warn-of-silence.js'
import { withNoiseFlags } from '../noise/with-noise-flags.js'
import { refuseIdleLinkFlags, requireProcesses, transportOf } from '../open-on-cores.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { requireWritableFolder } from '../outputs/writable-path.js'
import { addOverwriteFlag } from '../overwrite-flag.js'
import { createProgressWords } from '../progress-words.js'
import { addMetricsFlags, addPlaceFlags, addReplicasFlag } from '../run-flags.js'
import { jsonLine, type Shown, shownLines } from '../shown.js'
import { titleOfTask } from '../task-module/task-file.js'
import { addTaskFlag, subjectName } from '../task-module/task-flag.js'
import { type PreparedTask, prepareTask, taskNames, taskNetwork } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { addTraceFlag, requireTraceFile, traceOfSeed } from '../trace/trace-flag.js'
import { say, warn } from '../warn.js'
import { type DescribedRun, describeRun, givenFlags } from './describe-run.js'
import { withFrom } from './from/with-from.js'
import { addMethodFlags, requireMethodFlags } from './method-flags.js'
import { type OpenTrainingRun, openTrainingRun, plainNameOf, RUNS } from './open-training-run.js'
import { addTrainerFlags } from './settings/trainer-flags.js'
import { withTrainerFlags } from './settings/with-trainer-flags.js'
import type { TrainFlags } from './train-flags.js'
import { trainOnce } from './train-once.js'
import { trainSeeds } from './train-seeds.js'
import { accuracyOf, splitOf, type TrainingResult } from './training-result.js'

/** More trainings than this at a time are taken for a mistake. */
const MOST = 1000

function addSeedsFlag(command: Command): Command {
  return command.option(
    '--seeds <list>',
    'train once per seed, such as 1..5 or 1,3,7, in runs/<name>/seed-<n>/, and tell mean and standard deviation (default: --seed alone)',
    seedList('--seeds'),
  )
}

/** A parser of seeds: a range such as 1..5, or integers with commas between them. */
export function seedList(flag: string): (text: string) => readonly number[] {
  const list = wholeNumberList(flag, 0)
  return (text) => {
    const [, low, high] = /^(\d+)-(\d+)$/.exec(text) ?? []
    if (low !== undefined && high !== undefined)
      throw wrongValue(flag, text, 'a range such as 1..5, or integers with commas', `Did you mean ${low}..${high}?`)
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text) ?? []
    if (first === undefined || last === undefined) return list(text)
    const [from, to] = [Number(first), Number(last)]
    const count = to - from + 1
    if (!Number.isSafeInteger(to) || count < 1 || count > MOST)
      throw wrongValue(flag, text, `a range that rises, of at most ${MOST} integers from 0`)
    return Array.from({ length: count }, (_, k) => from + k)
  }
}

/** Raises `InputError` FLAG_CONFLICT if one seed is given beside several. */
function refuseSeedBesideSeeds(command: Command): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (!isGiven('seeds') || !isGiven('seed')) return
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--seed',
    found: 'the flag beside --seeds',
    expected: 'one of the two',
    remedy: 'Keep the one you mean.',
  })
}

/** `antidrome train <task>`: learns a task and leaves the network, the metrics and pictures in `runs/<name>/`. */
export function trainCommand(terminal: Terminal, openStore: OpenObjectStore = openStoreOf): Command {
  const command = new Command('train')
    .description('Train a network on a task; leaves network.json, metrics.jsonl and pictures in runs/<name>/.')
    .argument('[task]', `the task: ${taskNames().join(', ')}`)
  const learning = addLearningFlags(
    addTraceFlag(addMetricsFlags(addReplicasFlag(addPlaceFlags(addModulesFlag(addTaskFlag(command)))))),
    'those of the preset',
  )
  addChipDeviceFlag(addEventEndFlag(addEventFlags(learning)), 'train and measure the network')
  addCheckpointFlags(addSeedsFlag(addTrainingNoiseFlags(addTrainerFlags(addMethodFlags(learning))))).option(
    '--name <run>',
    'name of the folder in runs/ (default: "<task>-<seed>", or "<task>-seeds" with --seeds; -2, -3, … is added to a name that is taken)',
  )
  command.option('--runs <folder>', 'folder in which the folder of the run lies', someText('--runs', 'a folder'), RUNS)
  command.option(
    '--measure <split>',
    'what the trained network is measured on: test, or validation, where the result holds parameterDigest in place of digest and nothing of the test split',
    oneOf('--measure', ['test', 'validation'] as const),
    'test',
  )
  command.option(
    '--from <run|file>',
    'begin with all parameters of a run, such as runs/first, or of a network file; epochs, schedule and optimiser begin at zero, but with --resume they go on where the newest checkpoint of that run stands, and --epochs counts its epochs, too (default: what the task draws)',
    someText('--from', 'the folder of a run, or a network file'),
  )
  addOverwriteFlag(
    command,
    'the run of that name, the trace of --trace, and the checkpoints of --checkpoint unless --resume continues from them',
  )
  return command.action(async (task: string | undefined, flags: TrainFlags) => {
    refuseSeedBesideSeeds(command)
    const outputs = outputsOf(command, terminal)
    const taskName = subjectName(task, flags, 'task')
    await train({ taskName, flags, given: givenFlags(command), outputs, openStore }, terminal)
  })
}

interface TrainRequest {
  readonly taskName: string
  readonly flags: TrainFlags
  readonly given: DescribedRun['flags']
  readonly outputs: Outputs
  readonly openStore: OpenObjectStore
}

async function train(request: TrainRequest, terminal: Terminal): Promise<void> {
  const { taskName, flags: asked, given, outputs, openStore } = request
  requireMethodFlags(asked)
  const { placement } = asked
  requirePlacement(asked)
  const flags =
    placement === undefined ? asked : await withPlacement(await taskNetwork(taskName, asked), asked, terminal)
  requirePlaces(flags)
  const plainName = plainNameOf(titleOfTask(taskName), asked.seeds === undefined ? asked.seed : undefined)
  await requireWritablePlaces(flags, plainName, outputs)
  const { seed, seeds, json } = flags
  const field = flags.task === undefined ? 'task' : '--task'
  const fresh = await prepareTask(taskName, flags, field, createProgressWords(terminal))
  const { prepared: begun, from } = await withFrom(fresh, flags, plainName)
  const prepared = await withNoiseFlags(withTrainerFlags(await withLossFile(begun, flags.loss, flags), flags), flags)
  requireTrainable(prepared, flags)
  for (const note of prepared.notes ?? []) warn(terminal, json, note)
  const emptyTrials = describeEmptyTrials(prepared.task)
  if (emptyTrials !== null) warn(terminal, json, { code: 'TRIALS_EMPTY', message: emptyTrials })
  const { task } = prepared
  const oneClass = describeOneClass(task.train.labels, task.loss)
  if (oneClass !== null) warn(terminal, json, { code: 'LABELS_ONE_CLASS', message: oneClass })
  const { noise } = prepared.training
  warnOfSilence(terminal, { network: prepared.task.network, noise, seed: seeds?.[0] ?? seed, json })
  const described = describeRun(titleOfTask(taskName), prepared, flags, given, from)
  const own = withPrefix(flags, plainName)
  const run = { described, seeds: seeds === undefined ? { seed } : { seeds }, flags: own, plainName }
  const open: OpenTrainingRun = (request) => {
    return openTrainingRun(run, request, (line) => say(terminal, line))
  }
  if (seeds !== undefined) {
    await trainSeeds(prepared, seeds, own, { described, open, outputs, openStore }, terminal)
    return
  }
  const one = { prepared, flags: own, openFolder: open, outputs, openStore, isOneOfSeveral: false }
  const result = await trainOnce(one, terminal)
  terminal.out(json ? jsonLine(result) : summaryOf(result))
}

/** Raises `InputError` FLAG_CONFLICT for flags of cores, links, servers and checkpoints that mean nothing together. */
export function requirePlaces(flags: TrainFlags): void {
  refuseIdleLinkFlags(flags, [transportOf(flags)])
  requireRemote(flags)
  requireProcesses(flags)
  requireCheckpointPlace(flags)
}

/** Objects are named after their run, unless the command line says otherwise. */
function withPrefix(flags: TrainFlags, plainName: string): TrainFlags {
  const { checkpoint, name = plainName } = flags
  return checkpoint === undefined ? flags : { ...flags, checkpoint: placeOfRun(checkpoint, name) }
}

/** Of the places that the command line names; a run without a name is replaced under its plain one. */
async function requireWritablePlaces(flags: TrainFlags, plainName: string, outputs: Outputs): Promise<void> {
  const { name = flags.overwrite === true ? plainName : undefined, runs, trace, seeds } = flags
  const checkpoint = folderOf(flags.checkpoint)
  const run = name === undefined ? undefined : runPath(name, '--name', runs)
  const folders = { '--name': run, '--checkpoint': checkpoint }
  if (runs !== RUNS) await requireWritableFolder('--runs', runs)
  if (run !== undefined) await outputs.folder('--name', run)
  if (checkpoint !== undefined) await outputs.folder('--checkpoint', checkpoint)
  if (trace === undefined || seeds === undefined) await requireTraceFile(flags, outputs, folders)
  else for (const seed of seeds) await requireTraceFile({ ...flags, trace: traceOfSeed(trace, seed) }, outputs, folders)
}

function summaryOf(result: TrainingResult): Shown {
  const { hiddenSpikes, run, bestEpoch, formats } = result
  const accuracy = splitOf(result) === 'test' ? 'test accuracy  ' : 'validation     '
  const measured = timingOf(result) ?? `${accuracy}${(100 * accuracyOf(result)).toFixed(1)} %`
  return shownLines([
    `${measured}${bestEpoch === undefined ? '' : `, of epoch ${bestEpoch}`}`,
    ...(formats === undefined ? [] : [`               with ${formatsInWords(formats)}`]),
    ...(hiddenSpikes === undefined ? [] : [`hidden spikes  ${hiddenSpikes.toFixed(1)} a sample`]),
    `run            ${run}/ holds network.json, metrics.jsonl and the pictures`,
    'digest' in result ? `digest         ${result.digest}` : `parameters     ${result.parameterDigest}`,
  ])
}

/** What a loss with targets is measured by, in place of an accuracy: it knows no classes. */
function timingOf({ timingError, missedTargets = 0 }: TrainingResult): string | null {
  if (timingError === undefined) return null
  const error = timingError === null ? 'no target has a spike' : `${timingError.toFixed(3)} ms`
  const missed = missedTargets === 0 ? '' : `, ${(100 * missedTargets).toFixed(1)} % of the targets without a spike`
  return `timing error   ${error}${missed}`
}

/** What a person may want to know of samples without an input spike, in a sentence; null if there are none. */
function describeEmptyTrials({ train, validation, test }: Pick<Task, 'train' | 'validation' | 'test'>): string | null {
  const counts = Object.entries({ training: train, validation, test })
    .filter(([, { emptyTrials = 0 }]) => emptyTrials > 0)
    .map(([split, { emptyTrials, size }]) => `${emptyTrials} of ${size} ${split} samples`)
  return counts.length === 0 ? null : `without any input spike are ${counts.join(', ')}.`
}

/** Raises the `InputError`s that a training would meet at its first step: here nothing has been written yet. */
function requireTrainable({ task, training, formats }: PreparedTask, { method, seed }: TrainFlags): void {
  const { step } = inTermsOfDevice(formats, () => configureTraining(task.network, task, { ...training, seed }))
  if (method !== 'surrogate') return
  requireGridNetwork(task.network)
  requireGridStep(step)
}
