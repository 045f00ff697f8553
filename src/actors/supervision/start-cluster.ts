import type { Placement } from '../../hardware/placement.js'
import { formatNetwork } from '../../network/format-network.js'
import type { Network } from '../../network/network.js'
import type { Link } from '../../streams/link.js'
import { LinkError } from '../../streams/link-error.js'
import { neighbourhood } from '../partition/neighbours.js'
import type { Partition } from '../partition/partition.js'
import { messageOf } from '../partition/partition-calls.js'
import { createRemotePartition } from '../partition/remote-partition.js'
import { reviveError } from '../partition/revive-error.js'
import { endHost, type Patience, settlesWithin } from './host.js'
import type { Site } from './site.js'
import type { StartOrder, StartReport } from './start-messages.js'
import { createSupervisor, type Supervisor } from './supervisor.js'

/** Partitions elsewhere, ready for orders, and watched. */
export interface Cluster {
  readonly partitions: readonly Partition[]
  readonly supervisor: Supervisor
}

export interface StartOptions {
  readonly network: Network
  readonly placement: Placement
  readonly site: Site
  readonly startLimit: number
  readonly silence: number
}

/** Survivors notice within this many ms that a peer is gone, unless they are deep in a kernel. */
const GATHER_LIMIT = 500

const ORDERLY: Patience = { dismissed: 2000, terminated: 1000 }
/** After a failure: whoever can end by itself does so at once. */
const AT_ONCE: Patience = { dismissed: 300, terminated: 300 }

/**
 * Sets up one partition per host of a site; resolves when all are ready.
 *
 * Rejects with the one error that explains why they are not, and then every host has ended.
 */
export async function startCluster({ network, placement, site, ...limits }: StartOptions): Promise<Cluster> {
  const cores = site.hosts.length
  const controls: Link[] = []
  const partitions: Partition[] = []
  const addresses = new Map<number, string | null>()
  const { neighbours } = neighbourhood(network, placement)
  const supervisor = createSupervisor({ neighbours, startLimit: limits.startLimit, gatherLimit: GATHER_LIMIT, end })

  for (const { core, ended } of site.hosts)
    void ended.then((reached) => supervisor.report({ kind: 'ended', core, end: reached }))
  const text = formatNetwork(network)
  site.controls.forEach((opening, core) => {
    opening.then(
      (control) => welcome(core, control),
      (error: Error) => supervisor.report({ kind: 'link', core: null, peer: core, error }),
    )
  })
  await supervisor.opened
  return { partitions: partitions.map(supervised), supervisor }

  function welcome(core: number, control: Link): void {
    controls[core] = control
    partitions[core] = createRemotePartition(control, core)
    const lost = (error: Error) => supervisor.report({ kind: 'link', core: null, peer: core, error })
    control.messages$.subscribe({
      next: (message) => {
        const report =
          message.kind === 'value'
            ? messageOf<StartReport>(message.value, 'listening', 'ready', 'refused', 'linkBroke')
            : null
        if (report !== null) take(core, report)
      },
      error: lost,
      complete: () => lost(leftEarly(control)),
    })
    tell(control, { type: 'prepare', network: text, placement })
  }

  function take(core: number, report: StartReport): void {
    switch (report.type) {
      case 'listening':
        addresses.set(core, report.address)
        if (addresses.size === cores) introduce()
        break
      case 'ready':
        supervisor.markReady(core)
        break
      case 'refused':
        supervisor.report({ kind: 'refused', core, error: reviveError(report.error) })
        break
      case 'linkBroke':
        supervisor.report({ kind: 'link', core, peer: report.peer, error: reviveError(report.error) })
    }
  }

  function introduce(): void {
    const all = site.hosts.map(({ core }) => addresses.get(core) ?? null)
    for (const control of controls) tell(control, { type: 'join', addresses: all })
  }

  function supervised(partition: Partition): Partition {
    const { core } = partition
    const guard = <Result>(work: () => Promise<Result>) => supervisor.guard(core, work)
    return {
      core,
      run: (order) => guard(() => partition.run(order)),
      squares: (learned, scale) => guard(() => partition.squares(learned, scale)),
      abort: (run) => partition.abort(run),
      update: (order) => guard(() => partition.update(order)),
      parameters: () => guard(() => partition.parameters()),
      traffic: () => guard(() => partition.traffic()),
      kernelSeconds: () => guard(() => partition.kernelSeconds()),
      // Its end is the supervisor's.
      close: async () => undefined,
    }
  }

  async function end(failure: Error | null): Promise<void> {
    const opened = controls.filter((control) => control !== undefined)
    if (failure === null) {
      await settlesWithin(Promise.allSettled(partitions.map((partition) => partition.close())), limits.silence)
      await settlesWithin(Promise.allSettled(opened.map((control) => control.close())), limits.silence)
    } else for (const control of opened) control.fail(failure)
    await Promise.all(site.hosts.map((host) => endHost(host, failure === null ? ORDERLY : AT_ONCE)))
    await site.close()
  }
}

function tell(control: Link, order: StartOrder): void {
  control.send({ kind: 'value', value: order })
}

function leftEarly({ name, peer }: Link): LinkError {
  return new LinkError({
    code: 'LINK_CLOSED',
    link: name,
    peer,
    what: `${peer} left before it was told to`,
    watermark: null,
  })
}
