import type { Transport } from '../../actors/transport.js'
import { TRANSPORTS, WORKER_TRANSPORTS } from '../../actors/transport-table.js'
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
  return join !== undefined && (transport === 'auto' || WORKER_TRANSPORTS.includes(transport))
}

/**
 * Raises `InputError` FLAG_CONFLICT for flags that mean nothing without `--join`, and for those that mean nothing, or cannot
 * be heeded, on the workers of other machines.
 */
export function requireRemote(flags: RemoteRun): void {
  requireJoinFlags(flags)
  const { transport = 'auto', listen, trace, checkpoint } = flags
  if (flags.join === undefined) {
    if (transport !== 'auto' && TRANSPORTS[transport].workers === 'always') throw withoutServer(transport)
    return
  }
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

function withoutServer(transport: Transport): InputError {
  return new InputError({
    code: 'FLAG_CONFLICT',
    field: '--transport',
    found: `${transport} without --join`,
    expected: 'the URL of a NATS server beside it',
    remedy: 'Add --join URL.',
  })
}
