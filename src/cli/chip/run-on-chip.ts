import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { open } from '../../actors/open.js'
import { joinTrains } from '../../dynamics/join-trains.js'
import type { KernelKind } from '../../dynamics/kernel-kind.js'
import { byName, entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import { spikesBefore } from '../../events/select-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type Raster, spikingGroups } from '../../hardware/tally/raster.js'
import { miniBatch } from '../../learning/mini-batch.js'
import type { Trials } from '../../learning/session.js'
import { isGiven } from '../../network/given-source.js'
import type { Network } from '../../network/network.js'
import { parseNetwork } from '../../network/network-file.js'
import { readTextWithin } from '../../storage/read-text.js'
import { openRecording } from '../../storage/recording/read-recording.js'
import { readRunRecord } from '../../storage/run/run-record.js'
import { readFileOrTask } from '../place/place-network.js'
import { readTaskOrTrial } from '../read-trial.js'
import { refuseFlags } from '../refuse-flags.js'
import { type SizeFlags, simulationTaskNames } from '../simulation-tasks.js'
import { isTask, prepareTask, type TaskChoice } from '../tasks.js'

/** A run whose spikes are known. */
export interface KnownRun {
  readonly network: Network
  readonly raster: Raster
  /** Length of a trial, ms. */
  readonly until: number
  /** Groups that the loss of the task looks at; absent where nobody says. */
  readonly loss?: readonly string[]
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

/** Samples of a task where nobody says how many. */
const SAMPLES = 32

/**
 * The spikes of a run: of a network with the spikes of a file, or as recorded; of a task, or the folder of a trained run, of
 * samples of its test split.
 *
 * Raises `InputError` for files and flags that do not suit.
 */
export async function runOf(subject: string, flags: RunFlags): Promise<KnownRun> {
  const isFolder = await stat(subject).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return runOfFolder(subject, flags)
  if (isTask(subject)) return runOfTask(subject, flags, {}, null)
  refuseFlags(flags, ['samples', 'data'], 'only tasks have samples')
  if (flags.recording !== undefined) return runOfRecording(subject, flags.recording, flags)
  const { network, trials } = await readTaskOrTrial(subject, flags, readFileOrTask)
  return simulated(network, trials, flags)
}

/** A trained network on samples of the task that it has learned. */
async function runOfFolder(folder: string, flags: RunFlags): Promise<KnownRun> {
  const file = join(folder, 'network.json')
  const network = parseNetwork(await readTextWithin(file), file)
  const record = await readRunRecord(folder)
  if (record === null)
    throw new InputError({
      code: 'RUN_RECORD',
      file: join(folder, 'run.json'),
      field: 'format',
      found: 'no record of a run',
      expected: 'the folder of a run that train has left',
      remedy: 'Give its network.json in its place, with --input or --recording.',
    })
  const { hidden, recurrent, data } = record.flags as Pick<TaskChoice, 'hidden' | 'recurrent' | 'data'>
  const choice = { preset: record.preset, hidden, recurrent, data }
  const given = Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined))
  return runOfTask(record.task, flags, given, network)
}

async function runOfTask(
  name: string,
  flags: RunFlags,
  choice: TaskChoice,
  trained: Network | null,
): Promise<KnownRun> {
  refuseFlags(flags, ['input', 'recording', 'neurons', 'inDegree'], 'a task has samples of its own')
  const { samples = SAMPLES, data } = flags
  const { task } = await prepareTask(name, data === undefined ? choice : { ...choice, data })
  const count = Math.min(samples, task.test.size)
  const numbers = Uint32Array.from({ length: count }, (_, k) => k)
  const trials = miniBatch(task.test, numbers, flags.until ?? task.until)
  const run = await simulated(trained ?? task.network, trials, flags)
  return { ...run, loss: [task.loss.group] }
}

async function simulated(network: Network, trials: Trials, { seed, kernel }: RunFlags): Promise<KnownRun> {
  const emitting = spikingGroups(network).filter((group) => group.kind !== 'source' || !isGiven(group))
  await using session = await open(network, { seed, kernel })
  const { spikes } = await session.simulate(trials, { record: emitting.map(({ name }) => name) })
  const given = network.groups.filter((group) => group.kind === 'source' && isGiven(group))
  const until = endOf(trials, spikes)
  const inputs = given.map(
    ({ name }) => [name, spikesBefore(until, entryOf(trials.inputs, name) ?? noSpikes(trials.count))] as const,
  )
  return { network, raster: { ...byName(inputs), ...spikes }, until }
}

/** A trial without an end is over with its last spike. */
function endOf({ until }: Trials, spikes: Readonly<Record<string, SpikeTrains>>): number {
  if (until < Infinity) return until
  const last = Object.values(spikes).reduce((most, { times }) => times.reduce((a, b) => Math.max(a, b), most), 0)
  return Math.floor(last) + 1
}

async function runOfRecording(file: string, folder: string, flags: RunFlags): Promise<KnownRun> {
  refuseFlags(flags, ['input', 'until'], 'a recording has its input and its end')
  const network = simulationTaskNames().includes(file)
    ? (await readTaskOrTrial(file, flags, readFileOrTask)).network
    : parseNetwork(await readFileOrTask(file), file)
  await using recording = await openRecording(folder)
  const parts = new Map(recording.groups.map(({ name }) => [name, [noSpikes(1)] as SpikeTrains[]]))
  let until = 0
  for await (const { window, spikes } of recording.segments()) {
    until = window.end
    for (const [group, trains] of Object.entries(spikes)) parts.get(group)?.push(trains)
  }
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
  const raster = byName([...parts].map(([name, trains]) => [name, joinTrains(trains).trains]))
  return { network, raster, until }
}
