import { Command } from 'commander'
import { packagedPresetNames } from '../../data/presets/packaged-presets.js'
import { InputError } from '../../events/errors.js'
import { isRandom } from '../../learning/noise/is-random.js'
import { requireTick } from '../../learning/noise/require-tick.js'
import { withRanges } from '../../learning/noise/with-ranges.js'
import { requireParameterKinds } from '../../learning/parameter-kinds.js'
import type { ParameterKind, Session } from '../../learning/session.js'
import type { Task } from '../../learning/task.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import { nameList, oneOf, someText, wholeNumber } from '../../network/reading/flag-values.js'
import { addChipDeviceFlag, type ChipDeviceFlag, chipDevice, formatsRecord } from '../chip/flags/chip-device.js'
import { withPlacement } from '../chip/flags/placement-flag.js'
import { warnOfData } from '../data-of-run.js'
import { interruptible, interruptibly, leavesNothing } from '../interruption.js'
import { requireRemote } from '../join/require-remote.js'
import { DATA_FLAG } from '../learning-flags.js'
import { addModulesFlag, type ModulesFlag } from '../modules-flag.js'
import { inTermsOfDevice } from '../noise/in-terms-of-device.js'
import { addNoiseFlag, type NoiseFlag } from '../noise/noise-flags.js'
import { readNoise } from '../noise/read-noise.js'
import { warnOfSilence } from '../noise/warn-of-silence.js'
import { openOnCores } from '../open-on-cores.js'
import { PREDICTIONS } from '../outputs/output-kind.js'
import { type Outputs, outputsOf } from '../outputs/outputs.js'
import { addOverwriteFlag, type OverwriteFlag } from '../overwrite-flag.js'
import { type ChangesFlag, SET_FLAG } from '../preset-changes.js'
import { refuseFlags } from '../refuse-flags.js'
import { restarting } from '../restarting.js'
import { addPlaceFlags, addReplicasFlag, type PlaceFlags } from '../run-flags.js'
import { jsonLine, shown } from '../shown.js'
import { isTaskOf, taskOfRun } from '../task-of-run.js'
import { type PreparedTask, prepareTask, requireTaskName, taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { addGridFlags, type MethodFlags, openForSurrogate, requireMethodFlags } from '../train/method-flags.js'
import { runsUserCode } from '../user-code/runs-user-code.js'
import { tellNotes, warn } from '../warn.js'
import { type DrawResult, evaluateDraws, type Split } from './evaluate-draws.js'
import { evaluateFormats } from './evaluate-formats.js'
import { evaluationTable, measuredOf } from './evaluation-table.js'
import { type DrawPredictions, predictionsTable } from './predictions-table.js'
import { readTrained, type TrainedNetwork } from './read-trained.js'
import { warnOfRunDevice } from './warn-of-run-device.js'

const OTHER_DATA =
  'Give --data with recordings of the shape, the classes and the pooling that the network was trained with, and --task if it was trained on something else.'

/** Raises `InputError` NETWORK_OF_ANOTHER_TASK unless a network takes the spikes of a task, and its loss sees the same output. */
function requireSameInputs(
  network: Network,
  { name, network: own, loss }: Pick<Task, 'name' | 'network' | 'loss'>,
): void {
  const ends = ({ groups }: Network) =>
    groups
      .filter((group) => isGiven(group) || group.name === loss.group)
      .map((group) => `${group.name} (${group.kind}, ${group.size})`)
      .join(', ')
  if (ends(network) === ends(own)) return
  throw new InputError({
    code: 'NETWORK_OF_ANOTHER_TASK',
    field: 'network',
    found: `a network with ${ends(network) || 'neither input nor output'}`,
    expected: `one for ${name}, with ${ends(own)}`,
    remedy: name === 'events' ? OTHER_DATA : 'Give --task, --preset and --learn as the network was trained with.',
  })
}

interface EvaluateFlags
  extends PlaceFlags,
    ModulesFlag,
    NoiseFlag,
    ChipDeviceFlag,
    MethodFlags,
    OverwriteFlag,
    ChangesFlag {
  readonly task?: string
  readonly split: Split
  readonly preset?: string
  readonly learn?: readonly ParameterKind[]
  readonly data?: string
  readonly batch?: number
  readonly draws?: number
  readonly predictions?: string
}

const DEFAULT_DRAWS = 10

/** `antidrome evaluate <network>`: how well a trained network does, also on devices with noise. */
export function evaluateCommand(terminal: Terminal): Command {
  const kinds = nameList('--learn')
  const command = new Command('evaluate')
    .description('Measure a trained network on the samples of a task, also under the noise of devices.')
    .argument('<network>', 'network file, or the folder of a run', someText('network', 'a file or a folder'))
    .option(
      '--task <name|file>',
      `the task whose samples it is measured on: ${taskNames().join(', ')}, or a module FILE.js of your own, whose code is run (default: that of the run, as it was trained)`,
      someText('--task', 'the name of a task, or a module'),
    )
    .option('--split <name>', 'test or validation', oneOf('--split', ['test', 'validation']), 'test')
    .option(
      '--preset <name|file>',
      `settings of the data and the loss: ${packagedPresetNames().join(', ')}, or a file (default: that of the run, else of the task)`,
      someText('--preset', 'the name of a preset, or a file'),
    )
    .option(
      '--learn <kinds>',
      'what was learned, with commas, if the preset of the task depends on it (default: that of the run, else as with train)',
      (text: string) => requireParameterKinds(kinds(text), '--learn'),
    )
    .option(...DATA_FLAG)
    .option(
      '--batch <n>',
      'samples per message; never changes a result (default: as the preset says)',
      wholeNumber('--batch', 1),
    )
    .option(
      '--draws <n>',
      `number of devices, whose seeds count up from that of the noise (default: ${DEFAULT_DRAWS} where the noise is random, else 1)`,
      wholeNumber('--draws', 1),
    )
  command.option(...SET_FLAG)
  command.option(
    '--predictions <file>',
    'write a table of samples, their labels, what was predicted, and what is known of them, such as the speaker, as CSV (default: nowhere)',
    someText('--predictions', 'a file'),
  )
  addOverwriteFlag(command, 'the table of --predictions', 'a file')
  addGridFlags(command, 'exact (event by event), or surrogate (in the time steps in which the surrogate method trains)')
  addChipDeviceFlag(command, 'measure the network')
  return addNoiseFlag(
    addReplicasFlag(addPlaceFlags(addModulesFlag(command))),
    'is that of --seed unless it says seed=N',
  ).action((path: string, flags: EvaluateFlags) => evaluate(path, flags, outputsOf(command, terminal), terminal))
}

async function evaluate(path: string, asked: EvaluateFlags, outputs: Outputs, terminal: Terminal): Promise<void> {
  const { json, seed, split, predictions: file } = asked
  requireMethodFlags(asked)
  requireRemote(asked)
  if (file === undefined) refuseFlags(asked, ['overwrite'], 'nothing is written without --predictions')
  const table = file === undefined ? null : await outputs.file({ flag: '--predictions', path: file, kind: PREDICTIONS })
  if (asked.task !== undefined) requireTaskName(asked.task, '--task')
  const trained = await readTrained(path, asked)
  const prepared = await taskFor(trained, asked)
  const { task, training } = prepared
  warnOfChange(terminal, json, prepared, trained)
  const { record } = trained
  if (record !== null && isTaskOf(record, asked.task ?? record.task))
    warnOfData((warning) => warn(terminal, json, warning), prepared, { record, data: asked.data })
  const { network } = trained
  const flags = await withPlacement(network, asked, terminal)
  requireSameInputs(network, task)
  const device = await chipDevice(flags, network)
  const wanted = await readNoise(flags.noise, network, device)
  // A run quantises with the ranges that it began with.
  const ranges = trained.noise ?? {}
  const noise = wanted === null ? null : withRanges(network, wanted, ranges)
  inTermsOfDevice(device?.formats, () => requireTick(noise ?? {}, task.until))
  if (flags.noise === undefined) refuseFlags(flags, ['draws'], 'without --noise all draws are the same')
  warnOfRunDevice(terminal, json, { path, record: trained.record, noiseIn: training.noiseIn, flags })
  warnOfSilence(terminal, { network, noise, seed, json })
  const { draws = noise !== null && isRandom(noise) ? DEFAULT_DRAWS : 1 } = flags
  const results: DrawResult[] = []
  const predicted: DrawPredictions[] = []
  const report = (result: DrawResult, predictions: Int32Array) => {
    results.push(result)
    if (table !== null) predicted.push({ draw: result.draw, predictions })
    if (json) terminal.out(jsonLine(result))
    else if (terminal.screen !== null) terminal.err(shown`${result.draw + 1} of ${draws}: ${measuredOf(result)}\n`)
  }
  const summary = await interruptibly(
    leavesNothing,
    async (signal) => {
      await using session: Session =
        flags.method === 'surrogate'
          ? openForSurrogate(network, flags)
          : await openOnCores(network, flags, {
              signal,
              onNote: tellNotes(terminal, json),
              ...restarting(flags, terminal),
            })
      const request = { split, batch: training.batch, noise, seed, draws }
      const measured = interruptible(session, signal)
      const drawn = await evaluateDraws(measured, task, request, report)
      if (device === null) return drawn
      const found = await evaluateFormats(measured, task, request, device.formats.formats, ranges)
      return { ...drawn, formats: { ...formatsRecord(device, flags), ...found } }
    },
    runsUserCode(prepared),
  )
  await table?.write(predictionsTable(task[split], predicted))
  terminal.out(json ? jsonLine(summary) : evaluationTable(results, summary))
}

/** A module that is named is measured with as it is now. */
function warnOfChange(terminal: Terminal, json: boolean, { module }: PreparedTask, { record }: TrainedNetwork): void {
  const before = record?.module
  if (module === undefined || before?.path !== module.path || before.hash === module.hash) return
  const message = `${module.path}, or something that it imports, has changed since the run: hash ${module.hash}, before ${before.hash}.`
  warn(terminal, json, { code: 'MODULE_CHANGED', message })
}

/** The task that is named; else that of the run. */
async function taskFor({ record }: TrainedNetwork, flags: EvaluateFlags): Promise<PreparedTask> {
  const { task = record?.task } = flags
  if (task === undefined)
    throw new InputError({
      code: 'FLAG_MISSING',
      field: '--task',
      found: 'nothing, and no run.json of a run that would say it',
      expected: `the task whose samples the network is measured on: ${taskNames().join(', ')}`,
    })
  return record !== null && isTaskOf(record, task) ? taskOfRun(record, flags) : prepareTask(task, flags, '--task')
}
