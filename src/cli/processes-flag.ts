import { mostProcesses } from '../actors/cluster-options.js'
import { InputError } from '../events/errors.js'
import type { PlaceFlags } from './run-flags.js'

export type ProcessesFlag = Pick<PlaceFlags, 'cores' | 'transport' | 'processes'>

/** How many processes or threads hold the cores of a run: what the flag says, or its default. */
export function processesOf({ cores, transport = 'auto', processes }: ProcessesFlag): number {
  return processes ?? Math.min(cores, mostProcesses(transport))
}

/** Raises `InputError` FLAG_VALUE where processes would hold nothing. */
export function requireProcesses({ cores, processes }: Pick<ProcessesFlag, 'cores' | 'processes'>): void {
  if (processes === undefined || processes <= cores) return
  throw new InputError({
    code: 'FLAG_VALUE',
    field: '--processes',
    found: String(processes),
    expected: `at most ${cores}, the number of --cores`,
    remedy: 'Give fewer, or more --cores.',
  })
}
