import type { Command } from 'commander'
import type { SearchEffort } from '../../../hardware/chip-placement/arrange-cores.js'
import { oneOf } from '../../../network/reading/flag-values.js'

export interface EffortFlag {
  /** Of the search for short ways. */
  readonly effort?: SearchEffort
}

const EFFORTS: readonly SearchEffort[] = ['none', 'quick', 'full']

export function addEffortFlag(command: Command): Command {
  return command.option(
    '--effort <how>',
    'of the search for short ways: none (cores in order), quick or full (default: full)',
    oneOf('--effort', EFFORTS),
  )
}
