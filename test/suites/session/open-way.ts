import { setTimeout as sleep } from 'node:timers/promises'
import { firstValueFrom } from 'rxjs'
import { open } from '../../../src/actors/open.js'
import { microBatchOf } from '../../../src/actors/session/micro-batch.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import type { Network } from '../../../src/network/description/network.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { built } from '../../actors/built-cluster.js'
import { openLinked } from '../../support/open-linked.js'
import { shuffledDelivery } from '../../support/shuffled-delivery.js'
import type { SessionWay } from './session-case.js'

/** By then the threads are up on most machines; whoever comes late takes part late, and no bit depends on it. */
const START = 50

export interface SessionNumbers {
  readonly seed: number
  readonly kernel: KernelKind
}

/** Opens a network where and how a case has it. */
export async function openWay(network: Network, way: SessionWay, numbers: SessionNumbers): Promise<StreamingSession> {
  const { placement, transport, threads, order, limits, microBatch } = way
  const deliver = shuffledDelivery(order)
  const coreWorkers = placement.cores.map(({ core }) => [core])
  const micro = { network, placement, kernel: numbers.kernel, coreWorkers }
  const linked = {
    ...{ ...numbers, limits },
    ...(microBatch === undefined ? {} : { microBatchOf: microBatchOf(micro, { ...micro, microBatch }) }),
  }
  switch (transport) {
    case 'memory':
      return open(network, { ...numbers, placement, deliver })
    case 'frames':
      return openLinked(network, placement, { ...linked, deliver })
    case 'websocket': {
      const { address, ports$, close } = await listenForLinks()
      const openPorts = async () => {
        const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address)])
        return { left, right }
      }
      const session = await openLinked(network, placement, { ...linked, openPorts })
      await close()
      return session
    }
    case 'threads': {
      const session = await built.open(network, { ...numbers, placement, threads })
      await sleep(START)
      return session
    }
  }
}
