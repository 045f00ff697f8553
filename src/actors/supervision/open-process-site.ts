import { COORDINATOR } from '../../streams/links/link-options.js'
import { listenForLinks } from '../../streams/links/websocket-listener.js'
import { acceptPeers } from './accept-peers.js'
import { launchProcess } from './launch-process.js'
import { controlOptions, listenOptions } from './link-plan.js'
import type { Site } from './site.js'
import type { ClusterSpec } from './worker-spec.js'

export interface ProcessSiteOptions {
  readonly cores: number
  readonly spec: ClusterSpec
  /** Where the coordinator listens; partitions listen at the same address. */
  readonly host: string
  readonly port: number
}

/**
 * One process per core, each of which dials the coordinator.
 *
 * Raises `InputError` PORT_IN_USE and its like before anything has been started.
 */
export async function openProcessSite({ cores, spec, host, port }: ProcessSiteOptions): Promise<Site> {
  const listener = await listenForLinks({ ...listenOptions(spec, cores), host, port })
  const everybody = Array.from({ length: cores }, (_, core) => core)
  const accepted = acceptPeers(listener, {
    peers: everybody,
    optionsFor: (peers, refusal) => controlOptions(spec, { role: 'accept', index: COORDINATOR, peers, refusal }),
  })
  const coordinator = listener.address
  const hosts = everybody.map((core) => launchProcess({ ...spec, core, coordinator, host }))
  // The end of their input tells them the same, but not one that has stopped.
  const killAll = () => {
    for (const each of hosts) each.kill()
  }
  process.on('exit', killAll)
  return {
    hosts,
    controls: everybody.map((core) => accepted.from(core)),
    close() {
      process.off('exit', killAll)
      return listener.close()
    },
  }
}
