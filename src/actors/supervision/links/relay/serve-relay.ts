import { recordOfError } from '../../../../events/error-record.js'
import type { Port } from '../../../../streams/links/port.js'
import { settlesWithin } from '../../core-worker.js'
import type { GuestListener, GuestOptions, LinkCarrier } from '../link-carrier.js'
import type { RelayOrder, RelayReplies, RelayReport, RelayRequest } from './relay-messages.js'

/** What is needed of the way to the thread that is served. */
export interface RelayChannel {
  on(type: 'message', listener: (order: RelayOrder) => void): unknown
  postMessage(report: RelayReport, transfer?: readonly ArrayBuffer[]): void
}

/** Time that peers have to take what was sent when the relay closes, in ms; the rest is given up. */
const FLUSH_LIMIT = 500

/** Carries links for another thread: it opens what it is asked for, and passes on what comes and goes. */
export function serveRelay(channel: RelayChannel, carrier: LinkCarrier): void {
  const listeners = new Map<number, GuestListener>()
  const ports = createCarriedPorts(channel)

  channel.on('message', (order) => {
    if (order.type === 'ask') void respond(order.call, order.request)
    else ports.obey(order)
  })

  async function respond(call: number, request: RelayRequest): Promise<void> {
    try {
      channel.postMessage({ type: 'reply', call, value: await doAs(request) })
    } catch (error) {
      channel.postMessage({ type: 'failure', call, error: recordOfError(error) })
    }
  }

  async function doAs(request: RelayRequest): Promise<RelayReplies[keyof RelayReplies]> {
    switch (request.type) {
      case 'listen':
        return listen(request.listener, request.options)
      case 'expect':
        await listeners.get(request.listener)?.expect(request.guest)
        return null
      case 'closeListener':
        await listeners.get(request.listener)?.close()
        listeners.delete(request.listener)
        return null
      case 'dial':
        return ports.add(await carrier.dial(request.url, request.options))
      case 'flush':
        await settlesWithin(ports.flushed(), FLUSH_LIMIT)
        return null
    }
  }

  async function listen(listener: number, options: GuestOptions): Promise<string> {
    const opened = await carrier.listen(options)
    listeners.set(listener, opened)
    opened.ports$.subscribe(({ port, ...rest }) =>
      channel.postMessage({ type: 'arrival', listener, arrival: { ...rest, port: ports.add(port) } }),
    )
    return opened.address
  }
}

/** A port that is carried, and whether anybody listens to it. */
interface Carried {
  readonly port: Port
  isHeard: boolean
}

/** The ports that are carried, by the number that the other thread knows them by. */
interface CarriedPorts {
  add(port: Port): number
  obey(order: Exclude<RelayOrder, { readonly type: 'ask' }>): void
  /** Settles once all that was sent has left. */
  flushed(): Promise<unknown>
}

function createCarriedPorts(channel: RelayChannel): CarriedPorts {
  const ports = new Map<number, Carried>()
  let last = 0

  function hear(number: number, carried: Carried): void {
    if (carried.isHeard) return
    carried.isHeard = true
    carried.port.receive({
      frame(bytes) {
        const own = ownBytes(bytes)
        channel.postMessage({ type: 'frame', port: number, bytes: own }, [own.buffer])
      },
      end(ending) {
        ports.delete(number)
        channel.postMessage({ type: 'end', port: number, ending })
      },
    })
  }

  return {
    add(port) {
      const number = ++last
      ports.set(number, { port, isHeard: false })
      return number
    },
    obey(order) {
      // It may have ended while the order was on its way.
      const carried = ports.get(order.port)
      if (carried === undefined) return
      const { port } = carried
      switch (order.type) {
        case 'frame':
          port.send(order.bytes)
          break
        case 'receive':
          hear(order.port, carried)
          break
        case 'admit':
          port.admit()
          break
        case 'close':
        case 'abort':
          port[order.type]()
          // From here on this thread hears of the end of the port, even if the other thread has not begun to listen.
          hear(order.port, carried)
      }
    },
    flushed: () => Promise.all([...ports.values()].map(({ port }) => port.flushed())),
  }
}

/** The bytes themselves if they fill their buffer, which can be handed over then; else a copy. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}
