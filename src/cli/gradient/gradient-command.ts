import { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'
import { requirePlacedChip, withPlacement } from '../chip/flags/placement-flag.js'
import { requireRemote } from '../join/require-remote.js'
import { warnOfLateInput } from '../late-input.js'
import { addTrialFlags, readTrial, type TrialFlags } from '../read-trial.js'
import { restarting } from '../restarting.js'
import { joined, jsonLine, type Shown, shown, shownLines } from '../shown.js'
import { type Cell, formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { trialOnCores } from '../trial-on-cores.js'
import { tellNotes } from '../warn.js'
import { readGradientRequest } from './gradient-of-trial.js'
import { type GradientReport, gradientReport } from './gradient-report.js'

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

/** A summary of a gradient for the eye: one line per kind of parameter. */
function gradientTable({ loss, spikes, gradients, inputTimes, grazing }: GradientReport): Shown {
  const rows: Cell[][] = []
  for (const [name, kinds] of Object.entries(gradients)) {
    for (const [kind, values] of Object.entries(kinds)) rows.push(summary(name, kind, values))
  }
  for (const [name, values] of Object.entries(inputTimes)) rows.push(summary(name, 'input times', values))
  const counts = Object.entries(spikes).map(([name, { times }]) => `${name} ${times.length}`)
  return joined([
    shownLines([
      `loss     ${loss ?? 'none: the label unit is silent'}`,
      `spikes   ${counts.join(', ')}`,
      `grazing  ${grazing}`,
      '',
    ]),
    formatTable(['of', 'with respect to', 'values', 'smallest', 'largest'], rows),
    shown`\nUse --json for every value.\n`,
  ])
}

type Values = number | Float64Array | readonly (readonly (number | null)[])[]

function summary(name: string, kind: string, values: Values): Cell[] {
  const numbers =
    typeof values === 'number'
      ? [values]
      : Array.from<Row>(values)
          .flat()
          .filter((value) => value !== null)
  const low = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return [name, kind, numbers.length, ...(numbers.length === 0 ? ['', ''] : [low.toPrecision(8), high.toPrecision(8)])]
}

type Row = number | readonly (number | null)[]
