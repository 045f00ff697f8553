import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'
import { requirePlacedChip, withPlacement } from '../chip/flags/placement-flag.js'
import { requireRemote } from '../join/require-remote.js'
import { warnOfLateInput } from '../late-input.js'
import { addTrialFlags, readTrial, type TrialFlags } from '../read-trial.js'
import { restarting } from '../restarting.js'
import { jsonLine } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { trialOnCores } from '../trial-on-cores.js'
import { tellNotes } from '../warn.js'
import { readGradientRequest } from './gradient-of-trial.js'
import { gradientReport } from './gradient-report.js'
import { gradientTable } from './gradient-table.js'

interface GradientFlags extends TrialFlags {
  readonly loss?: string
}

/** `antidrome gradient <network>`: the loss of one trial and its exact gradients. */
export function gradientCommand(terminal: Terminal): Command {
  const command = new Command('gradient')
    .description('Print the loss of one trial of a network file and its exact gradients.')
    .argument('<network>', 'network file', someText('network', 'a file'))
    .option('--loss <file>', 'loss file; must be given', someText('--loss', 'a file'))
  return addTrialFlags(command).action((file: string, flags: GradientFlags) => gradient(file, flags, terminal))
}

async function gradient(file: string, flags: GradientFlags, terminal: Terminal): Promise<void> {
  if (flags.loss === undefined) throw lossMissing()
  requirePlacedChip(flags)
  requireRemote(flags)
  const trial = await readTrial(file, flags)
  warnOfLateInput(trial.trials, flags, terminal)
  const request = await readGradientRequest(flags.loss, trial.network, flags)
  const placed = await withPlacement(trial.network, flags, terminal)
  const result = await trialOnCores(trial.network, placed, (session) => request(session, trial.trials), {
    onNote: tellNotes(terminal, flags.json),
    ...restarting(placed, terminal),
  })
  const report = gradientReport(trial, result)
  terminal.out(flags.json ? jsonLine(report) : gradientTable(report))
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
