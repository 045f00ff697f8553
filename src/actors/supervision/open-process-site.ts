import { COORDINATOR } from '../../streams/links/link-options.js'
import { type ListenOptions, listenForLinks } from '../../streams/links/websocket-listener.js'
import { acceptPeers } from './accept-peers.js'
import { launchProcess } from './launch-process.js'
import { controlOptions, listenOptions } from './link-plan.js'
import type { Site } from './site.js'
import { openSocketFolder, removeSocketFolder, socketIn } from './socket-folder.js'
import type { ClusterSpec, MeetingPlace } from './worker-spec.js'

export interface ProcessSiteOptions {
  /** Per process: the cores it holds. */
  readonly dealt: readonly (readonly number[])[]
  readonly spec: ClusterSpec
  /** Where the coordinator listens; partitions listen at the same address, or in the same folder. */
  readonly place: { readonly host: string; readonly port: number } | 'sockets'
}

/**
 * Processes, whose cores each dial the coordinator.
 *
 * Raises `InputError` PORT_IN_USE, SOCKET_PATH_INVALID and their like before anything has been started.
 */
export async function openProcessSite(options: ProcessSiteOptions): Promise<Site> {
  if (options.place !== 'sockets') return openAt(options, options.place, { host: options.place.host })
  const sockets = await openSocketFolder()
  const { folder, close } = sockets
  try {
    const site = await openAt(options, { path: socketIn(folder, 'coordinator') }, { folder })
    return { ...site, close: () => site.close().finally(close) }
  } catch (error) {
    await close()
    throw error
  }
}

async function openAt(
  { dealt, spec }: ProcessSiteOptions,
  own: Pick<ListenOptions, 'host' | 'port' | 'path'>,
  place: MeetingPlace,
): Promise<Site> {
  const everybody = dealt.flat()
  const listener = await listenForLinks({ ...listenOptions(spec, everybody.length), ...own })
  const accepted = acceptPeers(listener, {
    peers: everybody,
    optionsFor: (peers, refusal) => controlOptions(spec, { role: 'accept', index: COORDINATOR, peers, refusal }),
  })
  const coordinator = listener.address
  const hosts = dealt.map((cores) => launchProcess({ ...spec, cores, coordinator, place }))
  // The end of their input tells them the same, but not one that has stopped.
  const killAll = () => {
    for (const each of hosts) each.kill()
    if ('folder' in place) removeSocketFolder(place.folder)
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
