import { recordOfError } from '../../../../events/error-record.js'
import type { Port } from '../../../../streams/links/port.js'
import { settlesWithin } from '../../host.js'
import type { GuestListener, GuestOptions, LinkCarrier } from '../link-carrier.js'
import type { RelayAnswers, RelayOrder, RelayQuestion, RelayReport } from './relay-messages.js'

/** What is needed of the way to the thread that is served. */
export interface RelayChannel {
  on(type: 'message', listener: (order: RelayOrder) => void): unknown
  postMessage(report: RelayReport, transfer?: readonly ArrayBuffer[]): void
}

/** What others do not take within so many ms is given up when the relay closes. */
const FLUSH_LIMIT = 500

/** A port that is carried, and whether anybody listens to it. */
interface Carried {
  readonly port: Port
  isHeard: boolean
}

/** Carries links for another thread: it opens what it is asked for, and passes on what comes and goes. */
export function serveRelay(channel: RelayChannel, carrier: LinkCarrier): void {
  const listeners = new Map<number, GuestListener>()
  const ports = new Map<number, Carried>()
  let last = 0

  channel.on('message', (order) => {
    if (order.type === 'ask') void answer(order.call, order.question)
    else obey(order)
  })

  async function answer(call: number, question: RelayQuestion): Promise<void> {
    try {
      channel.postMessage({ type: 'answer', call, value: await doAs(question) })
    } catch (error) {
      channel.postMessage({ type: 'failure', call, error: recordOfError(error) })
    }
  }

  async function doAs(question: RelayQuestion): Promise<RelayAnswers[keyof RelayAnswers]> {
    switch (question.type) {
      case 'listen':
        return listen(question.listener, question.options)
      case 'expect':
        await listeners.get(question.listener)?.expect(question.guest)
        return null
      case 'closeListener':
        await listeners.get(question.listener)?.close()
        listeners.delete(question.listener)
        return null
      case 'dial':
        return add(await carrier.dial(question.url, question.options))
      case 'flush':
        await settlesWithin(Promise.all([...ports.values()].map(({ port }) => port.flushed())), FLUSH_LIMIT)
        return null
    }
  }

  async function listen(listener: number, options: GuestOptions): Promise<string> {
    const opened = await carrier.listen(options)
    listeners.set(listener, opened)
    opened.ports$.subscribe(({ port, ...rest }) =>
      channel.postMessage({ type: 'arrival', listener, arrival: { ...rest, port: add(port) } }),
    )
    return opened.address
  }

  function add(port: Port): number {
    const number = ++last
    ports.set(number, { port, isHeard: false })
    return number
  }

  function obey(order: Exclude<RelayOrder, { readonly type: 'ask' }>): void {
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
        // Its end is to be noticed here, whoever listens there.
        hear(order.port, carried)
    }
  }

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
}

/** The bytes themselves if they fill their buffer, which can be handed over then; else a copy. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes)
}
