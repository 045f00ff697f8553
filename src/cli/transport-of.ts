import { chooseTransport, type Transport } from '../actors/cluster-options.js'
import type { PlaceFlags } from './run-flags.js'
import type { CheckpointFlags } from './train/checkpoint-flags.js'

/** Of a run with checkpoints: it is meant to last. */
export const DEFAULT_RESTARTS = 3

/** The flags that say what joins the cores of a run; some commands lack the last two. */
export interface TransportFlags
  extends Pick<PlaceFlags, 'cores' | 'transport' | 'listen'>,
    Pick<CheckpointFlags, 'checkpoint'> {
  /** Infinity: without a limit. */
  readonly restarts?: number
}

/** What joins the cores of a run: what the flag says, or what 'auto' stands for. */
export function transportOf({ cores, transport = 'auto', listen, checkpoint, restarts }: TransportFlags): Transport {
  if (transport !== 'auto') return transport
  if (cores === 1) return 'local'
  const isToLast = (restarts ?? (checkpoint === undefined ? 0 : DEFAULT_RESTARTS)) > 0
  return chooseTransport({ address: listen !== undefined, restarts: isToLast })
}
