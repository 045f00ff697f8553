import { Command } from 'commander'
import { InputError } from '../events/errors.js'
import { type ParsedLoss, parseLoss } from '../learning/loss-file.js'
import type { GradientResult } from '../learning/session.js'
import { formatJson } from '../storage/format-json.js'
import { readTextFile } from '../storage/read-text.js'
import { gradientReport } from './gradient-report.js'
import { gradientTable } from './gradient-table.js'
import { type OpenTrial, openTrial } from './open-trial.js'
import { addTrialFlags, type TrialFlags } from './run-flags.js'
import type { Terminal } from './terminal.js'

interface GradientFlags extends TrialFlags {
  readonly loss?: string
}

/** `antidrome gradient <network>`: the loss of one trial and its exact gradients. */
export function gradientCommand(terminal: Terminal): Command {
  const command = new Command('gradient')
    .description('Print the loss of one trial of a network file and its exact gradients.')
    .argument('<network>', 'network file')
    .option('--loss <file>', 'loss file; must be given')
  return addTrialFlags(command).action((file: string, flags: GradientFlags) => gradient(file, flags, terminal))
}

async function gradient(file: string, flags: GradientFlags, terminal: Terminal): Promise<void> {
  if (flags.loss === undefined) throw lossMissing()
  await using trial = await openTrial(file, flags)
  const parsed = parseLoss(await readTextFile(flags.loss), trial.network, flags.loss)
  const report = gradientReport(trial, await gradientOf(trial, parsed, flags.loss))
  terminal.out(flags.json ? `${formatJson(report)}\n` : gradientTable(report))
}

async function gradientOf(
  { session, trials }: OpenTrial,
  { loss, label }: ParsedLoss,
  file: string,
): Promise<GradientResult> {
  try {
    return await session.gradient(trials, loss, labelsOf(label))
  } catch (error) {
    // Only the run shows how many spikes there are; the coefficients still stand in the file.
    throw error instanceof InputError && error.code.startsWith('LOSS_') ? error.inFile(file) : error
  }
}

function labelsOf(label: number | null): Uint8Array | undefined {
  if (label === null) return undefined
  if (label <= 255) return Uint8Array.of(label)
  throw new InputError({
    code: 'LOSS_LABEL_RANGE',
    field: 'label',
    found: String(label),
    expected: 'at most 255, the largest label there is',
  })
}

function lossMissing(): InputError {
  return new InputError({
    code: 'FLAG_MISSING',
    field: '--loss',
    found: 'nothing',
    expected: 'a loss file',
    remedy: 'Give --loss FILE.',
  })
}
