import { COORDINATOR } from '../../streams/links/link-options.js'
import type { AddressListener, ListenerSpec } from './cluster-spec.js'
import { launchProcess } from './launch-process.js'
import type { Launcher, LaunchParts } from './launcher.js'
import { controlOptions, listenOptions } from './links/cluster-link-options.js'
import { openPeerListener } from './links/peer-listener.js'
import { openSocketFolder, removeSocketFolder, socketIn } from './socket-folder.js'

export interface ProcessLauncherOptions extends Pick<LaunchParts, 'dealt' | 'spec' | 'secrets'> {
  /** Where the coordinator listens; processes listen at the same address, at any port, or in the same folder. */
  readonly place: AddressListener | 'sockets'
}

/**
 * Processes, whose cores each dial the coordinator.
 *
 * Raises `InputError` PORT_IN_USE, SOCKET_PATH_INVALID and their like before anything has been started.
 */
export async function openProcessLauncher({ place, ...options }: ProcessLauncherOptions): Promise<Launcher> {
  if (place !== 'sockets') {
    const { port: _, ...anyPort } = place
    return openAt(options, { own: place, listenerOf: () => anyPort, removeAll: () => undefined })
  }
  const { folder, close } = await openSocketFolder()
  const listeners = {
    own: { path: socketIn(folder, 'coordinator') },
    listenerOf: ([first]: readonly number[]) => ({ path: socketIn(folder, `core-${first}`) }),
    removeAll: () => removeSocketFolder(folder),
  }
  try {
    const launcher = await openAt(options, listeners)
    return { ...launcher, close: (failure) => launcher.close(failure).finally(close) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the sides of a cluster listen. */
interface ProcessListeners {
  /** The coordinator's. */
  readonly own: ListenerSpec
  /** That of a process that holds these cores. */
  listenerOf(cores: readonly number[]): ListenerSpec
  /** Removes files that would be left behind if the processes die. */
  removeAll(): void
}

async function openAt(
  { dealt, spec, secrets }: Omit<ProcessLauncherOptions, 'place'>,
  { own, listenerOf, removeAll }: ProcessListeners,
): Promise<Launcher> {
  const everybody = dealt.flat()
  const listener = await openPeerListener(own, listenOptions(spec, everybody.length))
  const controls = everybody.map((core) => {
    const secret = secrets.of(core, COORDINATOR)
    const part = { role: 'accept', index: COORDINATOR, peers: [core], token: secret } as const
    const optionsFor = (refusal: (peer: number) => string | null) => controlOptions(spec, { ...part, refusal })
    return listener.expect({ own: COORDINATOR, peer: core, secret, optionsFor })
  })
  listener.seal()
  await listener.ready()
  const coordinator = listener.address
  const coreWorkers = dealt.map((cores) =>
    launchProcess({
      ...spec,
      cores: secrets.held(cores),
      coordinator,
      door: listenerOf(cores),
      mostLinks: cores.length * everybody.length,
    }),
  )
  // The end of their input tells them the same, but not one that has stopped.
  const killAll = () => {
    for (const each of coreWorkers) each.kill()
    removeAll()
  }
  process.on('exit', killAll)
  return {
    coreWorkers,
    controls,
    secrets,
    close() {
      process.off('exit', killAll)
      return listener.close()
    },
  }
}
