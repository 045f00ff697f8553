import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import { launchThread, type ThreadWay } from './launch-thread.js'
import type { Launcher, LaunchParts } from './launcher.js'
import { controlOptions } from './links/cluster-link-options.js'

export interface ThreadLauncherOptions extends Pick<LaunchParts, 'dealt' | 'spec' | 'secrets'> {
  /** Per core: those it is linked to. */
  readonly neighbours: readonly (readonly number[])[]
}

/** Threads with channels between their cores: each has one to the coordinator and one to each neighbour elsewhere. */
export function openThreadLauncher({ neighbours, dealt, spec, secrets }: ThreadLauncherOptions): Launcher {
  const ways = waysBetween({ neighbours, dealt })
  const channels = neighbours.map(() => new MessageChannel())
  const controlsOf = (cores: readonly number[]) =>
    channels.flatMap(({ port2: port }, core) => (cores.includes(core) ? [{ core, port }] : []))
  return {
    coreWorkers: dealt.map((cores) => {
      const peers = ways.filter(({ core }) => cores.includes(core))
      return launchThread({ spec: { ...spec, cores: secrets.held(cores) }, controls: controlsOf(cores), peers })
    }),
    controls: channels.map(({ port1 }, core) => openControl(port1, core)),
    secrets,
    close: async () => undefined,
  }

  async function openControl(port: MessagePort, core: number): Promise<Link> {
    const token = secrets.of(core, COORDINATOR)
    const options = controlOptions(spec, { role: 'accept', index: COORDINATOR, peers: [core], token })
    const link = createLink(createThreadPort(port), options)
    await link.opened
    return link
  }
}

/** Both ends of a channel for every two neighbours that are not in one thread. */
function waysBetween({ neighbours, dealt }: Pick<ThreadLauncherOptions, 'neighbours' | 'dealt'>): readonly ThreadWay[] {
  const threadOf = (core: number) => dealt.findIndex((cores) => cores.includes(core))
  return neighbours.flatMap((others, core) =>
    others
      .filter((peer) => peer > core && threadOf(peer) !== threadOf(core))
      .flatMap((peer): readonly ThreadWay[] => {
        const { port1, port2 } = new MessageChannel()
        return [
          { core, peer, port: port1 },
          { core: peer, peer: core, port: port2 },
        ]
      }),
  )
}
