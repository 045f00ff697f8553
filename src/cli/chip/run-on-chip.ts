import { join } from 'node:path'
import { type ClusterSession, openCluster } from '../../actors/open-cluster.js'
import { joinTrains } from '../../dynamics/join-trains.js'
import type { KernelKind } from '../../dynamics/kernel-kind.js'
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import { spikesBefore } from '../../events/select-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { singleCore } from '../../hardware/single-core.js'
import { type Raster, spikingGroups } from '../../hardware/tally/raster.js'
import { miniBatch } from '../../learning/mini-batch.js'
import type { Trials } from '../../learning/session.js'
import { isGiven } from '../../network/given-source.js'
import type { Network } from '../../network/network.js'
import { parseNetwork } from '../../network/network-file.js'
import { structureHash } from '../../network/structure-hash.js'
import { isFolder } from '../../storage/is-folder.js'
import { openRecording } from '../../storage/recording/read-recording.js'
import { readFileOrTask } from '../place/place-network.js'
import type { ProgressWords } from '../progress-words.js'
import { readRun } from '../read-run.js'
import { readTaskOrTrial } from '../read-trial.js'
import { refuseFlags } from '../refuse-flags.js'
import { type SizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { taskOfRun } from '../task-of-run.js'
import { isTask, type PreparedTask, prepareTask } from '../tasks.js'
import { samplesOf } from './samples-flag.js'

/** A run whose spikes are known. */
export interface KnownRun {
  readonly raster: Raster
  /** Length of a trial, ms. */
  readonly until: number
}

/** What runs on chips. */
export interface Subject {
  readonly network: Network
  /** Groups that the loss of the task looks at; absent where nobody says. */
  readonly loss?: readonly string[]
  /** Finds out about the spikes; of long trials it tells how far it is. */
  run(tell: ProgressWords): Promise<KnownRun>
}

export interface RunFlags extends SizeFlags {
  readonly seed: number
  readonly kernel: KernelKind
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
 */
export async function subjectOf(name: string, flags: RunFlags): Promise<Subject> {
  if (await isFolder(name)) return folderSubject(name, flags)
  if (isTask(name)) return taskSubject(name, flags)
  refuseFlags(flags, ['samples', 'data'], 'only tasks have samples')
  if (flags.recording !== undefined) return recordedSubject(name, flags.recording, flags)
  const { network, trials } = await readTaskOrTrial(name, flags, readFileOrTask)
  return { network, run: (tell) => simulated(network, trials, flags, tell) }
}

/** A trained network on samples of the task that it has learned. */
async function folderSubject(folder: string, flags: RunFlags): Promise<Subject> {
  const { network, record } = await readRun(folder)
  if (record === null)
    throw new InputError({
      code: 'RUN_RECORD',
      file: join(folder, 'run.json'),
      field: 'format',
      found: 'no record of a run',
      expected: 'the folder of a run that train has left',
      remedy: 'Give its network.json in its place, with --input or --recording.',
    })
  const { data } = flags
  refuseTaskFlags(flags)
  return trialsOf(await taskOfRun(record, data === undefined ? {} : { data }), flags, network)
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
  return { network, loss: [task.loss.group], run: (tell) => simulated(network, trials, flags, tell) }
}

async function simulated(
  network: Network,
  trials: Trials,
  { seed, kernel }: RunFlags,
  tell: ProgressWords,
): Promise<KnownRun> {
  const emitting = spikingGroups(network).filter((group) => group.kind !== 'source' || !isGiven(group))
  const record = emitting.map(({ name }) => name)
  await using session = await openCluster(network, singleCore(network), { transport: 'local', seed, kernel })
  const spikes =
    trials.count === 1 && trials.until < Infinity
      ? await streamed(session, trials, record, tell)
      : (await session.simulate(trials, { record })).spikes
  const given = network.groups.filter((group) => group.kind === 'source' && isGiven(group))
  const until = endOf(trials, { ...trials.inputs, ...spikes })
  const inputs = given.map(
    ({ name }) => [name, spikesBefore(until, entryOf(trials.inputs, name) ?? noSpikes(trials.count))] as const,
  )
  return { raster: { ...byName(inputs), ...spikes }, until }
}

/** Of a trial that takes minutes, so many are told. */
const SEGMENTS = 100

/** One trial, segment by segment. */
async function streamed(
  session: ClusterSession,
  { until, inputs }: Trials,
  record: readonly string[],
  tell: ProgressWords,
): Promise<Readonly<Record<string, SpikeTrains>>> {
  const stream = session.stream({ until, inputs, record, segment: until / SEGMENTS })
  const parts = trainsOf(record)
  for await (const { window, spikes } of stream) {
    addTrains(parts, spikes)
    tell(`simulating, ${Math.round(window.end)} of ${until} ms`)
  }
  return joined(parts)
}

type Parts = ReadonlyMap<string, SpikeTrains[]>

function trainsOf(groups: readonly string[]): Parts {
  return new Map(groups.map((name) => [name, [noSpikes(1)] as SpikeTrains[]]))
}

function addTrains(parts: Parts, spikes: Readonly<Record<string, SpikeTrains>>): void {
  for (const [group, trains] of Object.entries(spikes)) parts.get(group)?.push(trains)
}

function joined(parts: Parts): Readonly<Record<string, SpikeTrains>> {
  return byName([...parts].map(([name, trains]) => [name, joinTrains(trains).trains]))
}

/** A trial without an end is over with its last spike. */
function endOf({ until }: Trials, spikes: Readonly<Record<string, SpikeTrains>>): number {
  if (until < Infinity) return until
  const last = Object.values(spikes).reduce((most, { times }) => times.reduce((a, b) => Math.max(a, b), most), 0)
  return Math.floor(last) + 1
}

async function recordedSubject(name: string, folder: string, flags: RunFlags): Promise<Subject> {
  refuseFlags(flags, ['input', 'until'], 'a recording has its input and its end')
  const network = simulationTaskNames().includes(name)
    ? (await readTaskOrTrial(name, flags, readFileOrTask)).network
    : parseNetwork(await readFileOrTask(name), name)
  return { network, run: () => readRecorded(network, folder) }
}

async function readRecorded(network: Network, folder: string): Promise<KnownRun> {
  await using recording = await openRecording(folder)
  requireRecordingOf(network, folder, recording.identity)
  const parts = trainsOf(recording.groups.map(({ name }) => name))
  const missing = spikingGroups(network).find(({ name }) => !parts.has(name))
  if (missing !== undefined)
    throw new InputError({
      code: 'RASTER_GROUP',
      file: folder,
      field: '--recording',
      found: `no spikes of "${missing.name}"`,
      expected: `those of ${spikingGroups(network)
        .map(({ name }) => name)
        .join(', ')}`,
      remedy: 'Record all of them, with simulate --record.',
    })
  let until = 0
  for await (const { window, spikes } of recording.segments()) {
    until = window.end
    addTrains(parts, spikes)
  }
  if (until === 0)
    throw new InputError({
      code: 'RECORDING_EMPTY',
      file: folder,
      field: '--recording',
      found: 'no segment that all groups have whole',
      expected: 'a recording that has got somewhere',
      remedy: 'Record the run anew, or go on with it.',
    })
  return { raster: joined(parts), until }
}

/** A recording says of which network it is. */
function requireRecordingOf(network: Network, folder: string, { structure }: Readonly<Record<string, string>>): void {
  const expected = structureHash(network)
  if (structure === undefined || structure === expected) return
  throw new InputError({
    code: 'RECORDING_NETWORK',
    file: folder,
    field: '--recording',
    found: `spikes of the network ${structure}`,
    expected: `those of the network that is given, ${expected}`,
    remedy: 'Give the network that was simulated.',
  })
}
