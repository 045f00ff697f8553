import type { Command } from 'commander'
import { type ParsedInput, parseInput } from '../data/input-file.js'
import type { TaskName } from '../data/presets/preset.js'
import { InputError } from '../events/errors.js'
import type { Trials } from '../learning/session.js'
import type { Network } from '../network/description/network.js'
import { requireEnd } from '../network/graph/decidable.js'
import { instantiate } from '../network/instance/instantiate.js'
import { milliseconds, someText } from '../network/reading/flag-values.js'
import { readTextFile } from '../storage/read-text.js'
import { addModulesFlag, type ModulesFlag, networkOfFile } from './modules-flag.js'
import { addPlacedChipFlag, addPlaceFlags, type PlaceFlags } from './run-flags.js'
import { type SizeFlags, simulationTask } from './simulation-tasks.js'
import { isTask, readsFiles } from './tasks.js'

export interface TrialFlags extends PlaceFlags, ModulesFlag {
  readonly input?: string
  readonly until?: number
}

/** Adds the flags of every command that runs one trial of a network file. */
export function addTrialFlags(command: Command): Command {
  return addPlacedChipFlag(addPlaceFlags(addInputFlags(command)))
}

/** Adds the flags that say what a trial of a network file is. */
export function addInputFlags(command: Command): Command {
  return addModulesFlag(command)
    .option('--input <file>', 'input spikes (default: none)', someText('--input', 'a file'))
    .option(
      '--until <ms>',
      'end of the trial (default: when nothing can happen any more, or as the task says)',
      milliseconds('--until'),
    )
}

/** One trial of a network, ready to run. */
export interface FileTrial {
  readonly network: Network
  readonly trials: Trials
  readonly fileOrder: ParsedInput['fileOrder']
}

/**
 * Reads the files of a run of one trial.
 *
 * Raises `InputError` for a wrong file, and for a run that may never end by itself.
 */
export async function readTrial(
  file: string,
  flags: Pick<TrialFlags, 'seed' | 'input' | 'until'> & ModulesFlag,
  readNetwork: (file: string) => Promise<string> = readTextFile,
): Promise<FileTrial> {
  const { seed, input, until = Number.POSITIVE_INFINITY } = flags
  const text = await readNetwork(file).catch((error: unknown) => {
    throw error instanceof InputError && isTask(file) ? taskAsNetwork(file, error) : error
  })
  const network = networkOfFile(text, file, flags)
  const trial = await withInput(network, input, until)
  // Drawing every number of a large network takes long; each process that opens it does so anyway, and only for its own part.
  if (until === Infinity) withFlagNamed(() => requireEnd(instantiate(network, seed), until))
  return trial
}

/** A task that is trained has a network, once it is. */
function taskAsNetwork(task: TaskName, cause: InputError): InputError {
  const data = readsFiles(task) ? ' --data PLACE' : ''
  return new InputError({
    code: 'TASK_UNSUITABLE',
    field: 'network',
    found: `"${task}", a task that is trained`,
    expected: 'a network file',
    remedy: `Type antidrome train ${task}${data} --name ${task}, and then give runs/${task}/network.json.`,
    cause,
  })
}

/**
 * One trial of a simulation task, else of a network file.
 *
 * Raises `InputError` as `readTrial` does, and for the size of what has none.
 */
export async function readTaskOrTrial(
  name: string,
  flags: Pick<TrialFlags, 'seed' | 'input' | 'until'> & SizeFlags & ModulesFlag,
  readNetwork?: (file: string) => Promise<string>,
): Promise<FileTrial> {
  const task = simulationTask(name, flags)
  if (task === null) return readTrial(name, flags, readNetwork)
  return withInput(task.network, flags.input, flags.until ?? task.until)
}

async function withInput(network: Network, file: string | undefined, until: number): Promise<FileTrial> {
  const { trains, fileOrder } =
    file === undefined ? parseInput('{}', network) : parseInput(await readTextFile(file, '--input'), network, file)
  return { network, trials: { count: 1, until, inputs: trains }, fileOrder }
}

/** On the command line the end has the name of its flag. */
function withFlagNamed(check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== 'UNTIL_REQUIRED') throw error
    throw new InputError({ ...error.mistake, field: '--until', remedy: 'Give --until MS.', cause: error })
  }
}
