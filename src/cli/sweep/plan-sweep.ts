import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { packagedSource } from '../../data/presets/packaged-presets.js'
import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { hasTargets } from '../../learning/loss-view.js'
import { isVaried, readSweep } from '../../learning/sweep/read-sweep.js'
import { settingsOf } from '../../learning/sweep/settings-of.js'
import type { Setting, Sweep } from '../../learning/sweep/sweep.js'
import { isFileName } from '../../network/reading/flag-values.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { readRecord, readString } from '../../network/reading/read-value.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { readTextFile } from '../../storage/read-text.js'
import type { LedgerRecord } from '../../storage/sweep-ledger.js'
import { type CheckpointPlace, placeOfRun } from '../checkpoint/checkpoint-place.js'
import { configureCommand } from '../configure-command.js'
import { flagNamed, flagsOf } from '../flag-record.js'
import { REMOTE_FLAGS, type RemoteFlags } from '../join/join-flags.js'
import { isRemote } from '../join/require-remote.js'
import { formatChange } from '../preset-changes.js'
import { presetOf } from '../preset-flags.js'
import { loadTaskModule } from '../task-module/load-task.js'
import { readUserPreset } from '../task-module/prepare-user-task.js'
import { isTask, prepareTask, requireTaskName, type TaskChoice, taskNetwork } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { requirePlaces, trainCommand } from '../train/train-command.js'
import type { TrainFlags } from '../train/train-flags.js'

/** A sweep whose settings have been checked. */
export interface SweepPlan {
  readonly sweep: Sweep
  readonly settings: readonly Setting[]
  /** The task, or the file of its module, and the preset, as `train` takes them. */
  readonly task: string
  readonly preset: string
  /** Flags of all trainings, as they stand on the command line. */
  readonly flags: readonly string[]
  /** Processes or workers of a training at a time. */
  readonly cores: number
  /** Flags of the server at which workers are found, as all trainings have them. */
  readonly remote: RemoteFlags
  /** Whether trainings are on these workers. */
  readonly isRemote: boolean
  /** Where the ledger, and below it every run, keeps checkpoints. */
  readonly checkpoint: CheckpointPlace | null
  /** Everything on which what it comes to depends. */
  readonly head: LedgerRecord
}

/** What says where a sweep runs, and where it keeps what it has come to. */
export interface SweepFlags extends RemoteFlags {
  readonly checkpoint?: CheckpointPlace
}

/** The epochs after which settings are ranked for good; null: those of the preset. */
export function lastRungOf({ halving }: Sweep): number | null {
  return halving?.rungs.at(-1) ?? null
}

/** In s: meanwhile a worker that was lost is started again. */
export const WAIT = 60

/** The fields of a preset that flags of `train` replace. */
const REPLACED: Readonly<Record<string, string>> = {
  hidden: 'network.hidden',
  recurrent: 'network.recurrent',
  learn: 'training.learn',
  epochs: 'training.epochs',
  batch: 'training.batch',
}

/**
 * Reads the file of a sweep, draws its settings, and checks all of them; of a task that is not a module, the data of the first one are read.
 *
 * Raises `InputError` of `readSweep`, of presets and tasks, with the number of the setting; FLAG_CONFLICT for flags that
 * replace what is varied; SWEEP_INVALID for an objective that the loss does not have.
 */
export async function planSweep(
  file: string,
  given: readonly string[],
  flags: SweepFlags,
  terminal: Terminal,
): Promise<SweepPlan> {
  const choice = readTrainFlags(given, terminal)
  const remote: RemoteFlags = flagsOf(REMOTE_FLAGS, flags)
  const { checkpoint } = flags
  requirePlaces({ ...choice, ...remote, ...(checkpoint === undefined ? {} : { checkpoint }) })
  const sweep = readSweep(await readTextFile(file, 'sweep'), file)
  const beside = (path: string) => join(dirname(file), path)
  const preset = isFileName(sweep.base) ? beside(sweep.base) : sweep.base
  const { text } = isFileName(preset)
    ? { text: await readTextFile(preset, 'base') }
    : inField(file, 'base', () => packagedSource(preset))
  const task = sweep.task === undefined ? taskOf(text, preset, file) : beside(sweep.task)
  requireTaskName(task, 'task')
  refuseReplaced(sweep, choice)
  const settings = settingsOf(sweep)
  for (const setting of settings) {
    const own = { ...choice, preset, ...changesOf(setting) }
    await inSetting(file, setting, () => check(task, own))
  }
  const module = isTask(task) ? {} : { module: (await loadTaskModule(task, 'task')).module.hash }
  // The code of a module may fail with one setting alone.
  if (isTask(task) || sweep.objective === 'timingError') {
    const [first] = settings as readonly [Setting, ...Setting[]]
    const own = { ...choice, preset, ...changesOf(first) }
    const { task: prepared } = await inSetting(file, first, () => prepareTask(task, own))
    requireObjective(sweep, hasTargets(prepared.loss), prepared.name)
  }
  const head = {
    ...{ format: 'antidrome-sweep', version: 1, arithmetic: ARITHMETIC_VERSION },
    ...{ sweep, base: hashOf(text), ...module, flags: given },
  }
  const name = hashOf(JSON.stringify(head)).slice(0, 16)
  return {
    ...{ sweep, settings, task, preset, flags: given, head },
    cores: choice.cores * (choice.replicas ?? 1),
    isRemote: isRemote({ ...choice, ...remote }),
    remote: remote.join === undefined ? {} : { wait: WAIT, ...remote },
    checkpoint: checkpoint === undefined ? null : placeOfRun(checkpoint, name),
  }
}

/** The fields of a preset that a setting changes, as the flag `--set` has them. */
export function changesOf({ values }: Pick<Setting, 'values'>): { readonly set: readonly string[] } {
  return { set: Object.entries(values).map(([path, value]) => formatChange(path, value)) }
}

/** The task that a preset names. */
function taskOf(text: string, preset: string, file: string): string {
  const name = readingFile(preset, () => readString(readRecord(parseJson(text), '$').task, 'task'))
  if (isTask(name)) return name
  throw new InputError({
    ...{
      code: 'FIELD_MISSING',
      file,
      field: 'task',
      found: `nothing, and the task ${JSON.stringify(name)} in ${preset}`,
    },
    ...{
      expected: 'the module FILE.js of a task of your own',
      remedy: 'Give "task" with its path, seen from the file of the sweep.',
    },
  })
}

/** Raises what a training with these settings would be refused with before it reads data. */
async function check(task: string, choice: TaskChoice): Promise<void> {
  if (!isTask(task)) await readUserPreset(choice)
  // The network of recordings depends on them.
  else if (task === 'events') await presetOf(task, choice)
  else await taskNetwork(task, choice)
}

async function inSetting<Result>(file: string, { index }: Setting, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { mistake } = error
    throw new InputError({
      ...mistake,
      file: mistake.file ?? file,
      field: `${mistake.field} in setting ${index}`,
      cause: error,
    })
  }
}

function inField<Result>(file: string, field: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({ ...error.mistake, file, field, cause: error })
  }
}

function refuseReplaced(sweep: Sweep, choice: TaskChoice): void {
  for (const [flag, path] of Object.entries(REPLACED)) {
    const isGiven = Object.entries(choice).some(([name, value]) => name === flag && value !== undefined)
    const isTaken = isVaried(sweep, path) || (flag === 'epochs' && sweep.halving !== undefined)
    if (!isGiven || !isTaken) continue
    throw new InputError({
      ...{ code: 'FLAG_CONFLICT', field: flagNamed(flag), found: `the flag beside ${path}, which the sweep sets` },
      ...{ expected: 'one of the two', remedy: 'Leave out the flag.' },
    })
  }
}

function requireObjective({ objective }: Sweep, areTargets: boolean, name: string): void {
  if (objective !== 'timingError' || areTargets) return
  throw new InputError({
    ...{ code: 'SWEEP_INVALID', field: 'objective', found: objective, expected: 'another objective' },
    remedy: `The loss of ${name} has no target times: give validationAccuracy or validationLoss.`,
  })
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Flags of `train` that are not for the user of a sweep to give, each with what is given in its place. */
const OWN: Readonly<Record<string, string>> = {
  preset: '"base" in the file of the sweep',
  set: '"vary" in the file of the sweep',
  task: '"task" in the file of the sweep',
  seed: '"seeds" in the file of the sweep',
  seeds: '"seeds" in the file of the sweep',
  runs: '--out before the --',
  name: '--out before the --',
  overwrite: '--overwrite before the --',
  resume: '--resume before the --',
  json: '--json before the --',
  measure: 'nothing: runs of a sweep are measured on the validation split',
  checkpoint: '--checkpoint before the --',
  trace: 'nothing: train the setting by itself to trace it',
  metrics: 'nothing: curves of every run are in its metrics.jsonl',
  metricsPort: 'nothing: runs at the same time would take the same port',
  ...Object.fromEntries(Object.keys(REMOTE_FLAGS).map((name) => [name, `${flagNamed(name)} before the --`])),
}

/**
 * Reads the flags behind the `--` of a sweep as `train` does.
 *
 * Raises `InputError` of `train`; FLAG_CONFLICT for those that the sweep gives by itself; ARGUMENT_UNEXPECTED for a task.
 */
function readTrainFlags(given: readonly string[], terminal: Terminal): TrainFlags {
  const train = configureCommand(trainCommand(terminal).option('--json'), terminal)
  const read = train.action(() => undefined).parse([...given], { from: 'user' })
  const [argument] = read.args
  if (argument !== undefined)
    throw new InputError({
      ...{ code: 'ARGUMENT_UNEXPECTED', field: 'arguments', found: JSON.stringify(argument) },
      ...{ expected: 'the file of a sweep alone, and flags of train behind --' },
      remedy: 'Leave it out; the task is that of the preset, or "task" in the file of the sweep.',
    })
  const own = Object.keys(OWN).find((name) => read.getOptionValueSource(name) === 'cli')
  if (own !== undefined)
    throw new InputError({
      ...{ code: 'FLAG_CONFLICT', field: flagNamed(own), found: 'the flag behind the -- of a sweep' },
      ...{ expected: `${entryOf(OWN, own)}`, remedy: 'Leave it out.' },
    })
  return read.opts<TrainFlags>()
}
