import { mostProcesses } from '../actors/transport.js'
import { InputError } from '../events/errors.js'
import { isRemote } from './join/require-remote.js'
import type { PlaceFlags } from './run-flags.js'

export type ProcessesFlag = Pick<PlaceFlags, 'cores' | 'transport' | 'processes' | 'join'>

/** How many processes or threads hold the cores of a run: what the flag says, or its default. */
export function processesOf(flags: ProcessesFlag): number {
  const { cores, transport = 'auto', processes } = flags
  // What other machines hold is no matter of this one's threads.
  return processes ?? Math.min(cores, isRemote(flags) ? cores : mostProcesses(transport))
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
