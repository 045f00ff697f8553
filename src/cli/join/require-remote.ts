import type { TransportChoice } from '../../actors/cluster-options.js'
import { InputError } from '../../events/errors.js'
import type { CheckpointPlace } from '../checkpoint/checkpoint-place.js'
import type { PlaceFlags } from '../run-flags.js'
import { type RemoteFlags, refuseBesideJoin, requireJoinFlags } from './join-flags.js'

/** What says where a run happens, whether it is recorded, and where it keeps checkpoints. */
export interface RemoteRun extends RemoteFlags, Pick<PlaceFlags, 'transport' | 'listen'> {
  readonly trace?: unknown
  readonly checkpoint?: CheckpointPlace | undefined
}

/**
 * Whether a run is on the workers of other machines: `--join` says so, unless a transport of this machine is named beside
 * it; then the server only keeps checkpoints.
 */
export function isRemote({ join, transport = 'auto' }: Pick<RemoteRun, 'join' | 'transport'>): boolean {
  return join !== undefined && REMOTE.includes(transport)
}

const REMOTE: readonly TransportChoice[] = ['auto', 'websocket', 'nats']

/**
 * Raises `InputError` FLAG_CONFLICT for flags that mean nothing without `--join`, and for those that mean nothing, or cannot
 * be heeded, on the workers of other machines.
 */
export function requireRemote(flags: RemoteRun): void {
  requireJoinFlags(flags)
  if (flags.join === undefined) {
    if (flags.transport === 'nats') throw natsWithoutServer()
    return
  }
  const { transport, listen, trace, checkpoint } = flags
  if (!isRemote(flags)) {
    if (checkpoint?.kind === 'object') return
    throw refuseBesideJoin(
      '--transport',
      `--transport ${transport} beside --join`,
      'workers, which are linked by websockets, or --checkpoint object:… for a run on this machine',
    )
  }
  if (listen !== undefined)
    throw refuseBesideJoin('--listen', 'the flag beside --join', 'the addresses of workers, which are dialled')
  if (trace !== undefined && trace !== false)
    throw refuseBesideJoin(
      '--trace',
      'the flag beside --join',
      'cores on this machine: every other one has a clock of its own',
    )
}

function natsWithoutServer(): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: '--transport',
    found: 'nats without --join',
    expected: 'the URL of a NATS server beside it',
    remedy: 'Add --join URL.',
  })
}
