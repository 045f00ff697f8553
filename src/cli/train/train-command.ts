import { Command } from 'commander'
import { isBetweenProcesses } from '../../actors/cluster-options.js'
import type { ClusterSession, Restart } from '../../actors/cluster-session.js'
import { InputError } from '../../events/errors.js'
import type { ParameterKind } from '../../learning/session.js'
import { trainingIdentity } from '../../learning/training-identity.js'
import { networkIdentity } from '../../storage/checkpoint/network-identity.js'
import { openRun, type RunFolder } from '../../storage/run-folder.js'
import { unsupported } from '../flag-values.js'
import { interruptibly, untilOpened } from '../interruption.js'
import { addLearningFlags, type LearningFlags, learningOf } from '../learning-flags.js'
import { areMetricsWanted, watchMetrics } from '../metrics/watch-metrics.js'
import { openOnCores, placementFor, refuseIdleLinkFlags } from '../open-on-cores.js'
import { formatPlacement } from '../place/place-table.js'
import { addRestartFlag, describeRestart, type RestartFlag, restartsOf } from '../restart-flag.js'
import { addMetricsFlags, addPlaceFlags, type MetricsFlags, type PlaceFlags, transportOf } from '../run-flags.js'
import { type PreparedTask, prepareTask, taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { addCheckpointFlags, type CheckpointFlags, requireCheckpointFolder } from './checkpoint-flags.js'
import { type CheckpointKeeper, openKeeper } from './checkpoint-keeper.js'
import {
  addMethodFlags,
  type MethodFlags,
  methodIdentity,
  openForSurrogate,
  requireMethodFlags,
} from './method-flags.js'
import { runTraining, type TrainingResult } from './run-training.js'

interface TrainFlags extends PlaceFlags, LearningFlags, MetricsFlags, CheckpointFlags, RestartFlag, MethodFlags {
  readonly name?: string
}

/** `antidrome train <task>`: learns a task and leaves the network, the metrics and pictures in `runs/<name>/`. */
export function trainCommand(terminal: Terminal): Command {
  const command = new Command('train')
    .description('Train a network on a task; leaves network.json, metrics.jsonl and pictures in runs/<name>/.')
    .argument('<task>', `the task: ${taskNames().join(', ')}`)
  const epochs = (kinds: readonly ParameterKind[]) => learningOf({ learn: kinds }).epochs
  const learning = addLearningFlags(
    addMetricsFlags(addPlaceFlags(command)),
    `${epochs(['weights', 'delays'])} with delays, ${epochs(['weights'])} without`,
  )
  addRestartFlag(addCheckpointFlags(addMethodFlags(learning)))
    .option('--name <run>', 'name of the folder in runs/ (default: "<task>-<seed>")')
    .option('--data <dir>', 'not supported yet (default: none; yin-yang is generated)', unsupported('--data'))
  return command.action((task: string, flags: TrainFlags) => train(task, flags, terminal))
}

async function train(taskName: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  requireMethodFlags(flags)
  refuseIdleLinkFlags(flags, [transportOf(flags)])
  const restarts = restartsOf(flags)
  const { seed, json, name = `${taskName}-${seed}` } = flags
  const { learn, hidden, epochs, batch } = learningOf(flags)
  const prepared = prepareTask(taskName, { learn, hidden })
  const { network } = prepared.task
  const say = (line: string) => terminal.err(`antidrome: ${line}\n`)
  const keeper = await keeperOf(flags, prepared, { learn, epochs, batch }, say)
  const placement = placementFor(network, flags.cores)
  await using folder = await openNamedRun(name)
  if (!json) terminal.err(`Training ${taskName}: ${hidden} hidden neurons learn ${learn.join(', ')}; seed ${seed}.\n`)
  if (placement.cores.length > 1) terminal.err(`${describeCores(flags)}\n${formatPlacement(placement)}`)
  const request = { learn, epochs, batch, seed, json }
  const result = await interruptibly(interruptedIn(folder, flags), async (signal) => {
    if (flags.method === 'surrogate') {
      await using session = openForSurrogate(network, flags)
      const place = { folder, terminal, signal, processes: [], keeper, beside: NOTHING_BESIDE }
      return await runTraining(session, prepared, request, place)
    }
    const onRestart = (restart: Restart) => say(describeRestart(restart, restarts))
    // A run with checkpoints writes one more before it ends, and its cores must live until then.
    const opening = keeper === null ? { signal, opened: () => undefined } : untilOpened(signal)
    const options = { placement, signal: opening.signal, restarts, onRestart, metrics: areMetricsWanted(flags) }
    await using session = await openOnCores(network, flags, options)
    opening.opened()
    await using beside = await watchMetrics(session, flags, terminal)
    const place = { folder, terminal, signal, processes: processesOf(session, flags), keeper, beside }
    return await runTraining(session, prepared, request, place)
  })
  if (!json) terminal.out(summaryOf(result))
}

/** Without cores there is nothing to watch. */
const NOTHING_BESIDE: AsyncDisposable = { [Symbol.asyncDispose]: async () => undefined }

/** The checkpoints of a run that is to have some. */
async function keeperOf(
  flags: TrainFlags,
  { task, training }: PreparedTask,
  settings: Required<Pick<LearningFlags, 'learn' | 'epochs' | 'batch'>>,
  say: (line: string) => void,
): Promise<CheckpointKeeper | null> {
  requireCheckpointFolder(flags)
  const { checkpoint, seed, kernel } = flags
  if (checkpoint === undefined) return null
  const identity = {
    // What people choose comes before hashes: the first difference is the one that is told.
    ...trainingIdentity(task.network, task, { ...training, ...settings, seed }),
    ...networkIdentity(task.network, { seed, kernel }),
    ...methodIdentity(flags),
  }
  return openKeeper(checkpoint, flags, identity, say)
}

function interruptedIn({ path }: RunFolder, { checkpoint }: TrainFlags): string {
  return checkpoint === undefined
    ? `interrupted; ${path} keeps what the finished epochs left.`
    : `interrupted; ${checkpoint} keeps a checkpoint, from which --resume goes on.`
}

function summaryOf({ testAccuracy, run, digest }: TrainingResult): string {
  return [
    `test accuracy  ${(100 * testAccuracy).toFixed(1)} %\n`,
    `run            ${run}/ holds network.json, metrics.jsonl and the pictures\n`,
    `digest         ${digest}\n`,
  ].join('')
}

function describeCores(flags: TrainFlags): string {
  const kinds = {
    local: 'all in this process',
    thread: 'each a thread',
    websocket: 'each a process, linked by websockets',
    unix: 'each a process, linked by Unix sockets',
  }
  return `${flags.cores} cores, ${kinds[transportOf(flags)]}:`
}

/** The workers of a cluster are threads of this process or others, which may be replaced. */
function processesOf(session: ClusterSession, flags: TrainFlags): Iterable<number> {
  const ids = () => (isBetweenProcesses(transportOf(flags)) ? session.workers.map(({ id }) => id) : [])
  return { [Symbol.iterator]: () => ids()[Symbol.iterator]() }
}

/** On the command line the name has a flag. */
async function openNamedRun(name: string): Promise<RunFolder> {
  try {
    return await openRun(name)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--name', cause: error }) : error
  }
}
