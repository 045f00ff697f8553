import { Command } from 'commander'
import { isBetweenProcesses } from '../../actors/cluster-options.js'
import type { ClusterSession } from '../../actors/open-cluster.js'
import { InputError } from '../../events/errors.js'
import type { ParameterKind } from '../../learning/session.js'
import { openRun, type RunFolder } from '../../storage/run-folder.js'
import { unsupported } from '../flag-values.js'
import { interruptibly } from '../interruption.js'
import { addLearningFlags, type LearningFlags, learningOf } from '../learning-flags.js'
import { areMetricsWanted, watchMetrics } from '../metrics/watch-metrics.js'
import { openOnCores, placementFor, refuseIdleLinkFlags } from '../open-on-cores.js'
import { formatPlacement } from '../place/place-table.js'
import { addMetricsFlags, addPlaceFlags, type MetricsFlags, type PlaceFlags, transportOf } from '../run-flags.js'
import { prepareTask, taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { runTraining, type TrainingResult } from './run-training.js'

interface TrainFlags extends PlaceFlags, LearningFlags, MetricsFlags {
  readonly name?: string
}

/** `antidrome train <task>`: learns a task and leaves the network, the metrics and pictures in `runs/<name>/`. */
export function trainCommand(terminal: Terminal): Command {
  const command = new Command('train')
    .description('Train a network on a task; leaves network.json, metrics.jsonl and pictures in runs/<name>/.')
    .argument('<task>', `the task: ${taskNames().join(', ')}`)
  const epochs = (kinds: readonly ParameterKind[]) => learningOf({ learn: kinds }).epochs
  addLearningFlags(
    addMetricsFlags(addPlaceFlags(command)),
    `${epochs(['weights', 'delays'])} with delays, ${epochs(['weights'])} without`,
  )
    .option('--name <run>', 'name of the folder in runs/ (default: "<task>-<seed>")')
    .option('--checkpoint <dir>', 'not supported yet (default: none)', unsupported('--checkpoint'))
    .option('--resume', 'not supported yet (default: a fresh start)')
    .on('option:resume', unsupported('--resume'))
    .option('--data <dir>', 'not supported yet (default: none; yin-yang is generated)', unsupported('--data'))
  return command.action((task: string, flags: TrainFlags) => train(task, flags, terminal))
}

async function train(taskName: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  refuseIdleLinkFlags(flags, [transportOf(flags)])
  const { seed, json, name = `${taskName}-${seed}` } = flags
  const { learn, hidden, epochs, batch } = learningOf(flags)
  const prepared = prepareTask(taskName, { learn, hidden })
  const { network } = prepared.task
  const placement = placementFor(network, flags.cores)
  await using folder = await openNamedRun(name)
  if (!json) terminal.err(`Training ${taskName}: ${hidden} hidden neurons learn ${learn.join(', ')}; seed ${seed}.\n`)
  if (placement.cores.length > 1) terminal.err(`${describeCores(flags)}\n${formatPlacement(placement)}`)
  const interrupted = `interrupted; ${folder.path} keeps what the finished epochs left.`
  const result = await interruptibly(interrupted, async (signal) => {
    await using session = await openOnCores(network, flags, { placement, signal, metrics: areMetricsWanted(flags) })
    await using beside = await watchMetrics(session, flags, terminal)
    const place = { folder, terminal, signal, processes: processesOf(session, flags), beside }
    return await runTraining(session, prepared, { learn, epochs, batch, seed, json }, place)
  })
  if (!json) terminal.out(summaryOf(result))
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

/** The workers of a cluster are threads of this process or others. */
function processesOf({ workers }: ClusterSession, flags: TrainFlags): readonly number[] {
  return isBetweenProcesses(transportOf(flags)) ? workers.map(({ id }) => id) : []
}

/** On the command line the name has a flag. */
async function openNamedRun(name: string): Promise<RunFolder> {
  try {
    return await openRun(name)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--name', cause: error }) : error
  }
}
