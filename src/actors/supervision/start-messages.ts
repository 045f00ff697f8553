import type { ErrorRecord } from '../../events/error-record.js'
import type { Placement } from '../../hardware/placement.js'
import type { ModuleIdentity } from '../modules/module-identity.js'
import type { ListenerAddress } from './cluster-spec.js'
import type { PeerSecret } from './links/link-secrets.js'

/** What the coordinator tells a partition until it is ready. */
export type StartOrder =
  | {
      readonly type: 'prepare'
      /** Text of a network file. */
      readonly network: string
      readonly placement: Placement
      /** The code of the modules that it names. */
      readonly modules: readonly ModuleIdentity[]
      /** Its neighbours, in rising order. */
      readonly secrets: readonly PeerSecret[]
    }
  /** Where each core listens; null where no address is needed. */
  | { readonly type: 'join'; readonly addresses: readonly (ListenerAddress | null)[] }
  /** Everybody is ready: from now on the silence of a peer counts. */
  | { readonly type: 'watch' }

/** What a partition tells the coordinator of its own accord. */
export type StartReport =
  | { readonly type: 'listening'; readonly address: ListenerAddress | null }
  /** The module that it loads now, by its URL; null: all are loaded. */
  | { readonly type: 'loading'; readonly module: string | null }
  | { readonly type: 'ready' }
  /** It cannot be set up. */
  | { readonly type: 'refused'; readonly error: ErrorRecord }
  /** At any time: its link to a peer broke. */
  | { readonly type: 'linkBroke'; readonly peer: number; readonly error: ErrorRecord }
