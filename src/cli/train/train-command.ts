import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { formatJson } from '../../storage/format-json.js'
import { openRun, type RunFolder } from '../../storage/run-folder.js'
import { addLearningFlags } from '../learning-flags.js'
import { addTrainingNoiseFlags } from '../noise/noise-flags.js'
import { withNoiseFlags } from '../noise/with-noise-flags.js'
import { refuseIdleLinkFlags } from '../open-on-cores.js'
import { addRestartFlag } from '../restart-flag.js'
import { addMetricsFlags, addPlaceFlags, transportOf } from '../run-flags.js'
import { prepareTask, taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { addCheckpointFlags, requireCheckpointFolder } from './checkpoint-flags.js'
import { describeEmptyTrials } from './empty-trials.js'
import { addMethodFlags, requireMethodFlags } from './method-flags.js'
import { addSeedsFlag, refuseSeedBesideSeeds } from './seeds-flag.js'
import { addTrainerFlags } from './settings/trainer-flags.js'
import { withTrainerFlags } from './settings/with-trainer-flags.js'
import type { TrainFlags } from './train-flags.js'
import { trainOnce } from './train-once.js'
import { trainSeeds } from './train-seeds.js'
import type { TrainingResult } from './training-result.js'

/** `antidrome train <task>`: learns a task and leaves the network, the metrics and pictures in `runs/<name>/`. */
export function trainCommand(terminal: Terminal): Command {
  const command = new Command('train')
    .description('Train a network on a task; leaves network.json, metrics.jsonl and pictures in runs/<name>/.')
    .argument('<task>', `the task: ${taskNames().join(', ')}`)
  const learning = addLearningFlags(addMetricsFlags(addPlaceFlags(command)), 'those of the preset')
  addRestartFlag(
    addCheckpointFlags(addSeedsFlag(addTrainingNoiseFlags(addTrainerFlags(addMethodFlags(learning))))),
  ).option('--name <run>', 'name of the folder in runs/ (default: "<task>-<seed>", or "<task>-seeds" with --seeds)')
  return command.action(async (task: string, flags: TrainFlags) => {
    refuseSeedBesideSeeds(command)
    await train(task, flags, terminal)
  })
}

async function train(taskName: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  requireMethodFlags(flags)
  refuseIdleLinkFlags(flags, [transportOf(flags)])
  requireCheckpointFolder(flags)
  const { seed, seeds, json } = flags
  const { name = `${taskName}-${seeds === undefined ? seed : 'seeds'}` } = flags
  const prepared = await withNoiseFlags(withTrainerFlags(await prepareTask(taskName, flags), flags), flags)
  const emptyTrials = describeEmptyTrials(prepared.task)
  if (emptyTrials !== null) terminal.err(`antidrome: ${emptyTrials}\n`)
  const openFolder = () => openNamedRun(name)
  if (seeds !== undefined) {
    await trainSeeds(prepared, seeds, flags, openFolder, terminal)
    return
  }
  const result = await trainOnce({ prepared, flags, openFolder, isOneOfSeveral: false }, terminal)
  terminal.out(json ? `${formatJson(result)}\n` : summaryOf(result))
}

function summaryOf(result: TrainingResult): string {
  const { testAccuracy, run, digest, bestEpoch } = result
  return [
    `test accuracy  ${(100 * testAccuracy).toFixed(1)} %${bestEpoch === undefined ? '' : `, of epoch ${bestEpoch}`}\n`,
    timingLine(result),
    `run            ${run}/ holds network.json, metrics.jsonl and the pictures\n`,
    `digest         ${digest}\n`,
  ].join('')
}

function timingLine({ timingError, missedTargets = 0 }: TrainingResult): string {
  if (timingError === undefined) return ''
  const error = timingError === null ? 'no target has a spike' : `${timingError.toFixed(3)} ms`
  const missed = missedTargets === 0 ? '' : `, ${(100 * missedTargets).toFixed(1)} % of the targets without a spike`
  return `timing error   ${error}${missed}\n`
}

/** On the command line the name has a flag. */
async function openNamedRun(name: string): Promise<RunFolder> {
  try {
    return await openRun(name)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--name', cause: error }) : error
  }
}
