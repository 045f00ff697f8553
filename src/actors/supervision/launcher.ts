import type { Link } from '../../streams/link.js'
import type { AddressListener, ClusterSpec } from './cluster-spec.js'
import type { CoreWorker } from './core-worker.js'
import type { LinkSecrets } from './links/link-secrets.js'

/** What has launched the processes or threads that partitions run in, on this machine or on others. */
export interface Launcher {
  /** Started; every core is on one of them. */
  readonly coreWorkers: readonly CoreWorker[]
  /** The coordinator's link to each core, once both sides have agreed; never settles if the core does not get so far. */
  readonly controls: readonly Promise<Link>[]
  readonly secrets: LinkSecrets
  /**
   * Cleans up after the core workers, which have all ended.
   *
   * @param failure why they had to end; null: they ended in order
   */
  close(failure: Error | null): Promise<void>
}

/** What there is to launch on this machine. */
export interface LaunchParts {
  /** Per process or thread: the cores it holds. */
  readonly dealt: readonly (readonly number[])[]
  readonly spec: ClusterSpec
  readonly secrets: LinkSecrets
  /** Where the coordinator listens, and processes at any port, if links have an address. */
  readonly address: AddressListener
  /** Per core: those it is linked to. */
  neighbours(): readonly (readonly number[])[]
}
