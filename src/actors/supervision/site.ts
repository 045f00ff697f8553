import type { Link } from '../../streams/link.js'
import type { Host } from './host.js'
import type { LinkSecrets } from './links/link-secrets.js'
import type { AddressDoor, ClusterSpec } from './worker-spec.js'

/** Where partitions run: processes or threads of this machine, or processes of others. */
export interface Site {
  /** Started; every core is on one of them. */
  readonly hosts: readonly Host[]
  /** The coordinator's link to each core, once both sides have agreed; never settles if the core does not get so far. */
  readonly controls: readonly Promise<Link>[]
  readonly secrets: LinkSecrets
  /**
   * What is left after the hosts have ended.
   *
   * @param failure why they had to; null: they did in order
   */
  close(failure: Error | null): Promise<void>
}

/** What there is to start on this machine. */
export interface SiteParts {
  /** Per process or thread: the cores it holds. */
  readonly dealt: readonly (readonly number[])[]
  readonly spec: ClusterSpec
  readonly secrets: LinkSecrets
  /** Where the coordinator listens, and processes at any port, if links have an address. */
  readonly address: AddressDoor
  /** Per core: those it is linked to. */
  neighbours(): readonly (readonly number[])[]
}
