import { firstValueFrom } from 'rxjs'
import { neighbourhood } from '../../dist/actors/partition/pathways/neighbours.js'
import { createPartition } from '../../dist/actors/partition/wiring/create-partition.js'
import { createSession } from '../../dist/actors/session/create-session.js'
import { type Network, type Placement, placeOnCores } from '../../dist/index.js'
import { createRandomStream } from '../../dist/numerics/random-stream.js'
import type { Link } from '../../dist/streams/link.js'
import { createLink } from '../../dist/streams/links/create-link.js'
import type { LinkOptions } from '../../dist/streams/links/link-options.js'
import { dialWebsocket } from '../../dist/streams/links/websocket-dial.js'
import { listenForLinks } from '../../dist/streams/links/websocket-listener.js'
import { systemClock } from '../../dist/streams/system-clock.js'
import { requireEqual, type Scenario } from '../scenario.js'
import { openSplittingProxy, type SplittingProxy } from '../splitting-proxy.js'
import { undisturbedDigest } from './partition-kills.js'

const CORES = 3
const STEPS = 40

/** Frames between partitions come late and in pieces that have nothing to do with their ends. */
export const splitFrames: Scenario = async ({ seed }, { createCourse }) => {
  const course = createCourse(STEPS)
  const { network } = course.task
  const placement = placeOnCores(network, CORES)
  await using wires = await openWires(network, placement, seed)
  const partitions = placement.cores.map(({ core }) =>
    createPartition({ network, seed: course.seed, placement, core, links: wires.linksOf(core) }),
  )
  await using session = createSession({ network, placement, partitions }, course)
  requireEqual('digest over split frames', await course.run(session), await undisturbedDigest(course))
  const pieces = wires.proxies.reduce((sum, proxy) => sum + proxy.pieces, 0)
  if (pieces < STEPS) throw new Error(`only ${pieces} pieces went through the proxies`)
  return [{ what: 'pieces that frames came in', value: pieces, unit: '' }]
}

interface Wires extends AsyncDisposable {
  readonly proxies: readonly SplittingProxy[]
  linksOf(core: number): ReadonlyMap<number, Link>
}

/** A link over a proxy between every two neighbours. */
async function openWires(network: Network, placement: Placement, seed: number): Promise<Wires> {
  const around = neighbourhood(network, placement)
  const links = placement.cores.map(() => new Map<number, Link>())
  const proxies: SplittingProxy[] = []
  for (const [low, others] of around.neighbours.entries())
    for (const high of others.filter((core) => core > low)) {
      const listener = await listenForLinks()
      const random = createRandomStream(seed, `chaos/pieces/${low}-${high}`)
      const proxy = await openSplittingProxy(Number(new URL(listener.address).port), random)
      const accepted = firstValueFrom(listener.ports$)
      const dialled = await dialWebsocket(`ws://127.0.0.1:${proxy.port}`)
      const nameOf = (stream: number) => around.groupOf(stream, low, high)
      const pair = [
        createLink(dialled, { ...commonOptions(nameOf), role: 'dial', index: high, peers: [low] }),
        createLink((await accepted).port, { ...commonOptions(nameOf), role: 'accept', index: low, peers: [high] }),
      ] as const
      await Promise.all(pair.map(({ opened }) => opened))
      links[high]?.set(low, pair[0])
      links[low]?.set(high, pair[1])
      proxies.push(proxy)
      await listener.close()
    }
  return {
    proxies,
    linksOf: (core) => links[core] ?? new Map(),
    async [Symbol.asyncDispose]() {
      for (const proxy of proxies) await proxy[Symbol.asyncDispose]()
    },
  }
}

function commonOptions(nameOf: LinkOptions['nameOf']) {
  const identity = { kernel: 'simd', arithmetic: 0, network: null }
  return { identity, token: 'chaos', clock: systemClock(), nameOf }
}
