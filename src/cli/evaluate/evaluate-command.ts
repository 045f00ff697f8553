import { Command } from 'commander'
import { packagedPresetNames } from '../../data/presets/packaged-presets.js'
import { withRanges } from '../../learning/noise/with-ranges.js'
import { requireParameterKinds } from '../../learning/parameter-kinds.js'
import type { ParameterKind } from '../../learning/session.js'
import { formatJson } from '../../storage/format-json.js'
import { withPlacement } from '../chip/placement-flag.js'
import { nameList, oneOf, someText, wholeNumber } from '../flag-values.js'
import { interruptible, interruptibly, leavesNothing } from '../interruption.js'
import { DATA_FLAG } from '../learning-flags.js'
import { addNoiseFlag, type NoiseFlag } from '../noise/noise-flags.js'
import { readNoise } from '../noise/read-noise.js'
import { warnOfSilence } from '../noise/warn-of-silence.js'
import { openOnCores } from '../open-on-cores.js'
import { refuseFlags } from '../refuse-flags.js'
import { addPlaceFlags, type PlaceFlags } from '../run-flags.js'
import { formatTable } from '../table.js'
import { prepareTask, taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { warnOfSamples } from '../warn.js'
import { type DrawResult, type EvaluationSummary, evaluateDraws, type Split } from './evaluate-draws.js'
import { readTrained } from './read-trained.js'
import { requireSameInputs } from './require-same-inputs.js'

interface EvaluateFlags extends PlaceFlags, NoiseFlag {
  readonly task: string
  readonly split: Split
  readonly preset?: string
  readonly learn?: readonly ParameterKind[]
  readonly data?: string
  readonly batch?: number
  readonly draws?: number
}

const DEFAULT_DRAWS = 10

/** `antidrome evaluate <network>`: how well a trained network does, also on devices with noise. */
export function evaluateCommand(terminal: Terminal): Command {
  const kinds = nameList('--learn')
  const command = new Command('evaluate')
    .description('Measure a trained network on the samples of a task, also under the noise of devices.')
    .argument('<network>', 'network file, or the folder of a run', someText('network', 'a file or a folder'))
    .requiredOption('--task <name>', `the task whose samples it is measured on: ${taskNames().join(', ')}`)
    .option('--split <name>', 'test or validation', oneOf('--split', ['test', 'validation']), 'test')
    .option(
      '--preset <name|file>',
      `settings of the data and the loss: ${packagedPresetNames().join(', ')}, or a file (default: that of the task)`,
      someText('--preset', 'the name of a preset, or a file'),
    )
    .option(
      '--learn <kinds>',
      'what was learned, with commas, if the preset of the task depends on it (default: as with train)',
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
      `so many devices, whose seeds count on from that of the noise (default: ${DEFAULT_DRAWS} with noise, else 1)`,
      wholeNumber('--draws', 1),
    )
  return addNoiseFlag(addPlaceFlags(command), 'is that of --seed unless it says seed=N').action(
    (path: string, flags: EvaluateFlags) => evaluate(path, flags, terminal),
  )
}

async function evaluate(path: string, asked: EvaluateFlags, terminal: Terminal): Promise<void> {
  const { json, seed, split } = asked
  const { task, training } = await prepareTask(asked.task, asked, '--task')
  const trained = await readTrained(path)
  const { network } = trained
  const flags = await withPlacement(network, asked)
  requireSameInputs(network, task)
  // A run quantises with the ranges that it began with.
  const noise =
    flags.noise === undefined ? null : withRanges(network, await readNoise(flags.noise, network), trained.noise ?? {})
  if (noise === null) refuseFlags(flags, ['draws'], 'without --noise all draws are the same')
  warnOfSilence(terminal, { network, noise, seed, json })
  const { draws = noise === null ? 1 : DEFAULT_DRAWS } = flags
  const results: DrawResult[] = []
  const report = (result: DrawResult) => {
    results.push(result)
    if (json) terminal.out(`${formatJson(result)}\n`)
    else terminal.screen?.write(`${result.draw + 1} of ${draws}: ${percent(result.accuracy)} %\n`)
  }
  const summary = await interruptibly(leavesNothing, async (signal) => {
    await using session = await openOnCores(network, flags, { signal, onNote: warnOfSamples(terminal, json) })
    const request = { split, batch: training.batch, noise, seed, draws }
    return await evaluateDraws(interruptible(session, signal), task, request, report)
  })
  terminal.out(json ? `${formatJson(summary)}\n` : tableOf(results, summary))
}

function tableOf(results: readonly DrawResult[], { accuracy, split, samples }: EvaluationSummary): string {
  const { mean, std } = accuracy
  const isTimed = results.some(({ timingError }) => timingError !== undefined)
  const rows = results.map((result) => [
    result.draw,
    result.noiseSeed ?? '-',
    percent(result.accuracy),
    result.loss === null ? '-' : result.loss.toFixed(4),
    ...(isTimed ? [result.timingError?.toFixed(3) ?? '-'] : []),
    percent(result.silentFraction),
  ])
  const spread = std === null ? '' : ` ± ${percent(std)} (standard deviation over ${results.length} devices)`
  return [
    formatTable(['draw', 'seed', 'accuracy %', 'loss', ...(isTimed ? ['off ms'] : []), 'silent %'], rows),
    `accuracy ${percent(mean)} %${spread}, on ${samples} ${split} samples\n`,
  ].join('')
}

function percent(share: number): string {
  return (100 * share).toFixed(2)
}
