import { join } from 'node:path'
import type { KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import { InputError } from '../../../events/errors.js'
import { spikingGroups } from '../../../hardware/tally/raster.js'
import { miniBatch } from '../../../learning/mini-batch.js'
import type { Network } from '../../../network/description/network.js'
import { structureHash } from '../../../network/file/structure-hash.js'
import { isFolder } from '../../../storage/is-folder.js'
import { NETWORK } from '../../../storage/run/earlier-run.js'
import { RUN_RECORD, type RunRecord } from '../../../storage/run/run-record.js'
import { warnOfData } from '../../data-of-run.js'
import { type ModulesFlag, networkOfFile } from '../../modules-flag.js'
import { readFileOrTask } from '../../place/place-network.js'
import type { ProgressWords } from '../../progress-words.js'
import { readRun } from '../../read-run.js'
import { readTaskOrTrial } from '../../read-trial.js'
import { refuseFlags } from '../../refuse-flags.js'
import { type SizeFlags, simulationTaskNames } from '../../simulation-tasks.js'
import { taskOfRun } from '../../task-of-run.js'
import { isTrained, type PreparedTask, prepareTask } from '../../tasks.js'
import type { Warning } from '../../warn.js'
import { createGrowingRaster, type KnownRun } from './known-run.js'
import { readRecordingOf } from './read-recording-of.js'
import { simulatedRun } from './simulated-run.js'

/** Default number of samples of a task. */
const SAMPLES = 32

/**
 * How many samples of the test split run on chips.
 *
 * Raises `InputError` OPTION_OUT_OF_RANGE, naming `--samples`, where there are not as many.
 */
function samplesOf(asked: number | undefined, size: number): number {
  if (asked === undefined) return Math.min(SAMPLES, size)
  if (asked <= size) return asked
  throw new InputError({
    code: 'OPTION_OUT_OF_RANGE',
    field: '--samples',
    found: String(asked),
    expected: `at most ${size}, the samples of the test split`,
  })
}

/** The messages of a run in progress. */
interface RunVoice {
  /** How far it is. */
  readonly tell: ProgressWords
  /** Tells what the user must not miss. */
  say(words: string): void
}

/** What runs on chips. */
export interface Subject {
  readonly network: Network
  /** Groups that the loss of the task looks at; absent if unknown. */
  readonly loss?: readonly string[]
  /** End of its trials, ms, where it is known before they run. */
  readonly until?: number
  /** Finds out about the spikes. */
  run(voice: RunVoice): Promise<KnownRun>
}

export interface RunFlags extends SizeFlags, ModulesFlag {
  readonly seed: number
  readonly kernel: KernelKind
  readonly spikeLimit: number
  readonly input?: string
  readonly recording?: string
  readonly until?: number
  readonly samples?: number
  readonly data?: string
}

/**
 * A network, whose run has the spikes of a file, or those that were recorded; a task, or the folder of a trained run, which
 * runs on samples of its test split.
 *
 * Raises `InputError` for files and flags that do not suit.
 *
 * @param warned called with problems that do not prevent the run
 */
export async function subjectOf(
  name: string,
  flags: RunFlags,
  warned: (warning: Warning) => void = () => {},
): Promise<Subject> {
  if (await isFolder(name)) return folderSubject(name, flags, warned)
  if (isTrained(name)) return taskSubject(name, flags)
  refuseFlags(flags, ['samples', 'data'], 'only tasks have samples')
  if (flags.recording !== undefined) return recordedSubject(name, flags.recording, flags)
  const { network, trials } = await readTaskOrTrial(name, flags, readFileOrTask)
  return { network, until: trials.until, run: ({ tell }) => simulatedRun(network, trials, { ...flags, tell }) }
}

/** A trained network on samples of the task that it has learned. */
async function folderSubject(folder: string, flags: RunFlags, warned: (warning: Warning) => void): Promise<Subject> {
  const { network, record } = await readRun(folder, flags)
  if (record === null)
    throw new InputError({
      code: 'RUN_RECORD',
      file: join(folder, 'run.json'),
      field: 'format',
      found: 'no record of a run',
      expected: 'the folder of a run that train has left',
      remedy: 'Give its network.json in its place, with --input or --recording.',
    })
  requireAsTrained(folder, network, record)
  const { data, allowModules = false } = flags
  refuseTaskFlags(flags)
  const said = { allowModules, ...(data === undefined ? {} : { data }) }
  const prepared = await taskOfRun(record, said)
  warnOfData(warned, prepared, { record, data })
  return trialsOf(prepared, flags, network)
}

async function taskSubject(name: string, flags: RunFlags): Promise<Subject> {
  const { data } = flags
  refuseTaskFlags(flags)
  return trialsOf(await prepareTask(name, data === undefined ? {} : { data }), flags, null)
}

function refuseTaskFlags(flags: RunFlags): void {
  refuseFlags(flags, ['input', 'recording', 'neurons', 'inDegree'], 'a task has samples of its own')
}

/** @param trained null: the network as the task has it */
function trialsOf({ task }: PreparedTask, flags: RunFlags, trained: Network | null): Subject {
  const count = samplesOf(flags.samples, task.test.size)
  const numbers = Uint32Array.from({ length: count }, (_, k) => k)
  const trials = miniBatch(task.test, numbers, flags.until ?? task.until)
  const network = trained ?? task.network
  return {
    network,
    loss: [task.loss.group],
    until: trials.until,
    run: ({ tell }) => simulatedRun(network, trials, { ...flags, tell }),
  }
}

async function recordedSubject(name: string, folder: string, flags: RunFlags): Promise<Subject> {
  refuseFlags(flags, ['input', 'until'], 'a recording has its input and its end')
  const network = simulationTaskNames().includes(name)
    ? (await readTaskOrTrial(name, flags, readFileOrTask)).network
    : networkOfFile(await readFileOrTask(name), name, flags)
  return { network, run: ({ say }) => recordedRun(network, folder, say) }
}

/** Learning changes values and never the structure, of which a run keeps the fingerprint. */
function requireAsTrained(folder: string, network: Network, { identity }: RunRecord): void {
  const [found, expected] = [structureHash(network), identity.structure]
  if (expected === undefined || found === expected) return
  throw new InputError({
    code: 'RUN_NETWORK',
    file: join(folder, NETWORK),
    field: 'structure',
    found: `the network ${found}`,
    expected: `the one that was trained, ${expected}, as ${RUN_RECORD} has it`,
    remedy: 'Restore the file, or give it in place of the folder, with --input or --recording.',
  })
}

/**
 * The run that a recording shows, of all groups that spike.
 *
 * Raises `InputError` RASTER_GROUP for a group that was not recorded, and as `readRecordingOf` does, naming `--recording`.
 */
async function recordedRun(network: Network, folder: string, say: (words: string) => void): Promise<KnownRun> {
  const raster = createGrowingRaster(spikingGroups(network).map(({ name }) => name))
  const until = await readRecordingOf(network, folder, {
    flag: '--recording',
    say,
    begin: (groups) => requireGroups(network, folder, groups),
    take: ({ spikes }) => raster.add(spikes),
  })
  return { raster: raster.joined(), until }
}

function requireGroups(network: Network, folder: string, groups: readonly string[]): void {
  const needed = spikingGroups(network).map(({ name }) => name)
  const missing = needed.find((name) => !groups.includes(name))
  if (missing === undefined) return
  throw new InputError({
    code: 'RASTER_GROUP',
    file: folder,
    field: '--recording',
    found: `no spikes of "${missing}"`,
    expected: `those of ${needed.join(', ')}`,
    remedy: 'Record all of them, with simulate --record.',
  })
}
