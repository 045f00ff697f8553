import { chooseTransport, mostProcesses, type Transport } from '../actors/transport.js'
import { InputError } from '../events/errors.js'
import type { CheckpointFlags } from './checkpoint/checkpoint-flags.js'
import { isRemote } from './join/require-remote.js'
import { DEFAULT_RESTARTS } from './restart-flag.js'
import type { PlaceFlags } from './run-flags.js'

/** The flags that say what joins the cores of a run; some commands lack the last one. */
export interface TransportFlags
  extends Pick<PlaceFlags, 'cores' | 'transport' | 'listen' | 'join' | 'restarts'>,
    Pick<CheckpointFlags, 'checkpoint'> {}

/** What joins the cores of a run: what the flag says, or what 'auto' stands for. */
export function transportOf(flags: TransportFlags): Transport {
  const { cores, transport = 'auto', listen } = flags
  if (transport !== 'auto') return transport
  const address = isRemote(flags) || listen !== undefined
  if (cores === 1 && !isRemote(flags)) return 'local'
  return chooseTransport({ address, restarts: wantedRestarts(flags) > 0 })
}

/** How often cores that can be lost are to be started anew: what the flag says, or its default. */
export function wantedRestarts(flags: Omit<TransportFlags, 'cores' | 'listen'>): number {
  const { checkpoint, restarts } = flags
  return restarts ?? (checkpoint === undefined && !isRemote(flags) ? 0 : DEFAULT_RESTARTS)
}

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
