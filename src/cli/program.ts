import { Command } from 'commander'
import { packageVersion } from '../actors/package-version.js'
import { checkpointsCommand } from './checkpoint/checkpoints-command.js'
import { type OpenObjectStore, openStoreOf } from './checkpoint/open-checkpoint-store.js'
import { chipReportCommand } from './chip/chip-report-command.js'
import { compareCommand } from './compare/compare-command.js'
import { configureCommand } from './configure-command.js'
import { convertCommand } from './convert/convert-command.js'
import { dataCommand } from './data-set/data-command.js'
import { doctorCommand } from './doctor/doctor-command.js'
import { evaluateCommand } from './evaluate/evaluate-command.js'
import { gradientCommand } from './gradient/gradient-command.js'
import { warnOfExposedSecrets } from './join/exposed-secrets.js'
import { placeCommand } from './place/place-command.js'
import { plotCommand } from './plot/plot-command.js'
import { simulateCommand } from './simulate-command.js'
import { sweepCommand } from './sweep/sweep-command.js'
import type { Terminal } from './terminal.js'
import { trainCommand } from './train/train-command.js'
import { verifyCommand } from './verify/verify-command.js'
import { workerCommand } from './worker/worker-command.js'
import { workersCommand } from './workers/workers-command.js'

const COMMANDS = [
  trainCommand,
  sweepCommand,
  compareCommand,
  simulateCommand,
  plotCommand,
  gradientCommand,
  evaluateCommand,
  verifyCommand,
  dataCommand,
  placeCommand,
  chipReportCommand,
  convertCommand,
  doctorCommand,
  workerCommand,
  workersCommand,
  checkpointsCommand,
] as const

/**
 * Creates the command `antidrome` with its subcommands.
 *
 * @param openStore connects to stores of objects
 */
export function createProgram(terminal: Terminal, openStore: OpenObjectStore = openStoreOf): Command {
  const program = new Command('antidrome')
    .description('Event simulation of spiking neural networks with exact event-driven training.')
    .helpCommand(false)
    .version(packageVersion(), '--version', 'print the version')
  for (const define of COMMANDS) {
    const command = define(terminal, openStore).option(
      '--json',
      'print one JSON object per line and nothing else; errors and warnings are such lines on stderr',
      false,
    )
    program.addCommand(configureCommand(command, terminal))
  }
  program.hook('preAction', (_, command) => warnOfExposedSecrets(command.opts(), terminal))
  configureCommand(program, terminal).addHelpText(
    'after',
    '\nantidrome help <command> is the same as antidrome <command> --help.',
  )
  return program
}
