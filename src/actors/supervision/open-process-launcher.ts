import { COORDINATOR } from '../../streams/links/link-options.js'
import type { AddressDoor, DoorSpec } from './cluster-spec.js'
import { launchProcess } from './launch-process.js'
import type { Launcher, LaunchParts } from './launcher.js'
import { controlOptions, listenOptions } from './links/cluster-link-options.js'
import { openDoor } from './links/door.js'
import { openSocketFolder, removeSocketFolder, socketIn } from './socket-folder.js'

export interface ProcessLauncherOptions extends Pick<LaunchParts, 'dealt' | 'spec' | 'secrets'> {
  /** Where the coordinator listens; processes listen at the same address, at any port, or in the same folder. */
  readonly place: AddressDoor | 'sockets'
}

/**
 * Processes, whose cores each dial the coordinator.
 *
 * Raises `InputError` PORT_IN_USE, SOCKET_PATH_INVALID and their like before anything has been started.
 */
export async function openProcessLauncher({ place, ...options }: ProcessLauncherOptions): Promise<Launcher> {
  if (place !== 'sockets') {
    const { port: _, ...anyPort } = place
    return openAt(options, { own: place, doorOf: () => anyPort, removeAll: () => undefined })
  }
  const { folder, close } = await openSocketFolder()
  const doors = {
    own: { path: socketIn(folder, 'coordinator') },
    doorOf: ([first]: readonly number[]) => ({ path: socketIn(folder, `core-${first}`) }),
    removeAll: () => removeSocketFolder(folder),
  }
  try {
    const launcher = await openAt(options, doors)
    return { ...launcher, close: (failure) => launcher.close(failure).finally(close) }
  } catch (error) {
    await close()
    throw error
  }
}

/** Where the sides of a cluster listen. */
interface Doors {
  /** The coordinator's. */
  readonly own: DoorSpec
  /** That of a process that holds these cores. */
  doorOf(cores: readonly number[]): DoorSpec
  /** Removes files that would be left behind if the processes die. */
  removeAll(): void
}

async function openAt(
  { dealt, spec, secrets }: Omit<ProcessLauncherOptions, 'place'>,
  { own, doorOf, removeAll }: Doors,
): Promise<Launcher> {
  const everybody = dealt.flat()
  const door = await openDoor(own, listenOptions(spec, everybody.length))
  const controls = everybody.map((core) => {
    const secret = secrets.of(core, COORDINATOR)
    const part = { role: 'accept', index: COORDINATOR, peers: [core], token: secret } as const
    const optionsFor = (refusal: (peer: number) => string | null) => controlOptions(spec, { ...part, refusal })
    return door.expect({ own: COORDINATOR, peer: core, secret, optionsFor })
  })
  door.seal()
  await door.ready()
  const coordinator = door.address
  const coreWorkers = dealt.map((cores) =>
    launchProcess({
      ...spec,
      cores: secrets.held(cores),
      coordinator,
      door: doorOf(cores),
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
      return door.close()
    },
  }
}
