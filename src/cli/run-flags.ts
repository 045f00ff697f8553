import type { Command } from 'commander'
import { milliseconds, onlyValue, wholeNumber } from './flag-values.js'

/** Where a run happens and what it draws from. */
export interface PlaceFlags {
  readonly cores: 1
  readonly transport: 'local'
  readonly seed: number
  readonly json: boolean
}

/** Adds the flags of every command that runs a network. */
export function addPlaceFlags(command: Command): Command {
  return command
    .option('--cores <n>', 'cores to run on', onlyValue('--cores', 1, 'This version runs on one core.'), 1)
    .option(
      '--transport <kind>',
      'how cores talk to each other',
      onlyValue('--transport', 'local', 'This version runs in one process.'),
      'local',
    )
    .option('--seed <n>', 'seed of everything that is drawn at random', wholeNumber('--seed', 0), 0)
}

export interface TrialFlags extends PlaceFlags {
  readonly input?: string
  readonly until?: number
}

/** Adds the flags of every command that runs one trial of a network file. */
export function addTrialFlags(command: Command): Command {
  return addPlaceFlags(
    command
      .option('--input <file>', 'input spikes (default: none)')
      .option('--until <ms>', 'end of the trial (default: when nothing can happen any more)', milliseconds('--until')),
  )
}
