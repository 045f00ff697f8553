import { Command, Option } from 'commander'
import { yinYangPreset } from '../data/yin-yang-preset.js'
import { InputError } from '../events/errors.js'
import { PARAMETER_KINDS, requireParameterKinds } from '../learning/parameter-kinds.js'
import type { ParameterKind } from '../learning/session.js'
import { openRun, type RunFolder } from '../storage/run-folder.js'
import { nameList, onlyValue, unsupported, wholeNumber } from './flag-values.js'
import { watchInterrupt } from './interruption.js'
import { addPlaceFlags, type PlaceFlags } from './run-flags.js'
import { runTraining } from './run-training.js'
import { prepareTask, taskNames } from './tasks.js'
import type { Terminal } from './terminal.js'

interface TrainFlags extends PlaceFlags {
  readonly threads: 1
  readonly learn: readonly ParameterKind[]
  readonly hidden: number
  readonly epochs?: number
  readonly batch: number
  readonly name?: string
}

const DEFAULT_LEARN: readonly ParameterKind[] = ['weights', 'delays', 'thresholds']

/** `antidrome train <task>`: learns a task and leaves the network, the metrics and pictures in `runs/<name>/`. */
export function trainCommand(terminal: Terminal): Command {
  const command = new Command('train')
    .description('Train a network on a task; leaves network.json, metrics.jsonl and pictures in runs/<name>/.')
    .argument('<task>', `the task: ${taskNames().join(', ')}`)
  addLearningFlags(addPlaceFlags(command))
    .option('--threads <n>', 'threads per core', onlyValue('--threads', 1, 'This version runs one thread.'), 1)
    .option('--name <run>', 'name of the folder in runs/ (default: "<task>-<seed>")')
    .option('--checkpoint <dir>', 'not supported yet (default: none)', unsupported('--checkpoint'))
    .option('--resume', 'not supported yet (default: a fresh start)')
    .on('option:resume', unsupported('--resume'))
    .option('--data <dir>', 'not supported yet (default: none; yin-yang is generated)', unsupported('--data'))
  return command.action((task: string, flags: TrainFlags) => train(task, flags, terminal))
}

function addLearningFlags(command: Command): Command {
  const preset = yinYangPreset(DEFAULT_LEARN)
  const epochs = (learn: readonly ParameterKind[]) => yinYangPreset(learn).training.epochs
  const kinds = nameList('--learn')
  return command
    .addOption(
      new Option('--learn <kinds>', `what is learned, with commas: ${PARAMETER_KINDS.join(', ')}`)
        .argParser((text) => requireParameterKinds(kinds(text), '--learn'))
        .default(DEFAULT_LEARN, `"${DEFAULT_LEARN.join(',')}"`),
    )
    .option('--hidden <n>', 'hidden neurons', wholeNumber('--hidden', 1), preset.task.hidden)
    .option(
      '--epochs <n>',
      `passes over the training samples (default: ${epochs(['weights', 'delays'])} with delays, ${epochs(['weights'])} without)`,
      wholeNumber('--epochs', 1),
    )
    .option('--batch <n>', 'samples per step', wholeNumber('--batch', 1), preset.training.batch)
}

async function train(taskName: string, flags: TrainFlags, terminal: Terminal): Promise<void> {
  const { learn, hidden, batch, seed, json, name = `${taskName}-${seed}` } = flags
  const prepared = prepareTask(taskName, { learn, hidden })
  const { epochs = prepared.training.epochs } = flags
  await using folder = await openNamedRun(name)
  using watch = watchInterrupt(`interrupted; ${folder.path} keeps what the finished epochs left.`)
  if (!json) terminal.err(`Training ${taskName}: ${hidden} hidden neurons learn ${learn.join(', ')}; seed ${seed}.\n`)
  const request = { learn, epochs, batch, seed, json }
  const { testAccuracy, run, digest } = await runTraining(prepared, request, {
    folder,
    terminal,
    signal: watch.signal,
  })
  if (json) return
  terminal.out(`test accuracy  ${(100 * testAccuracy).toFixed(1)} %\n`)
  terminal.out(`run            ${run}/ holds network.json, metrics.jsonl and the pictures\n`)
  terminal.out(`digest         ${digest}\n`)
}

/** On the command line the name has a flag. */
async function openNamedRun(name: string): Promise<RunFolder> {
  try {
    return await openRun(name)
  } catch (error) {
    throw error instanceof InputError ? new InputError({ ...error.mistake, field: '--name', cause: error }) : error
  }
}
