import { Worker } from 'node:worker_threads'
import { Subject } from 'rxjs'
import { createDeferred, type Deferred } from '../../../../events/deferred.js'
import { InternalError } from '../../../../events/errors.js'
import { exhaustionOf } from '../../../../events/exhaustion.js'
import type { Port, PortEnding, PortReceiver } from '../../../../streams/links/port.js'
import type { Arrival } from '../../../../streams/links/websocket-listener.js'
import { reviveError } from '../../../../streams/revive-error.js'
import type { GuestListener, LinkCarrier } from '../link-carrier.js'
import type { RelayedArrival, RelayOrder, RelayReplies, RelayReport, RelayRequest } from './relay-messages.js'

const ENTRY = new URL('./relay-thread.js', import.meta.url)

/** A thread that holds the sockets of links, and sends what it is given while this one computes. */
export interface Relay extends LinkCarrier {
  /** Resolves if the thread ends without an order to end; all its ports break. */
  readonly lost: Promise<Error>
  /** Ends the thread once all that was sent has left, as far as others take it; what is still open breaks. */
  close(): Promise<void>
}

/**
 * Starts a relay.
 *
 * Node keeps all but the first write to an encrypted socket until the event loop turns, which it does not while a kernel
 * computes. What goes to another thread leaves at once, and the event loop there is free.
 *
 * @param worker the thread; for what other threads carry than sockets of their own
 */
export function openRelay(worker: Worker = new Worker(ENTRY, { execArgv: [] })): Relay {
  const tell = (order: RelayOrder, transfer: readonly ArrayBuffer[] = []) => worker.postMessage(order, transfer)
  const calls = createRelayCalls(tell)
  const ports = createRelayedPorts(tell)
  const arrivals = new Map<number, Subject<Arrival>>()
  const lost = createDeferred<Error>()
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  let isClosing = false
  let listeners = 0

  worker.on('message', (report: RelayReport) => hear(report))
  worker.on('error', (cause: unknown) => fail(cause))
  worker.once('exit', () => fail(undefined))

  function hear(report: RelayReport): void {
    if (report.type === 'arrival') arrive(report.listener, report.arrival)
    else if (report.type === 'reply' || report.type === 'failure') calls.settle(report)
    else ports.take(report)
  }

  /** @param cause what ended the thread, if that is known */
  function fail(cause: unknown): void {
    if (calls.failed()) return
    const words = cause instanceof Error ? `: ${cause.message}` : ''
    const error = exhaustionOf(cause) ?? new InternalError(`The thread that carries the links ended${words}.`)
    calls.fail(error)
    ports.fail(isClosing ? 'the thread that carries it was closed' : `the thread that carries it ended${words}`)
    for (const ports$ of arrivals.values()) ports$.complete()
    if (!isClosing) lost.resolve(error)
  }

  function arrive(listener: number, { port: number, ...rest }: RelayedArrival): void {
    const ports$ = arrivals.get(listener)
    const port = ports.add(number)
    if (ports$ === undefined) port.abort()
    else ports$.next({ ...rest, port })
  }

  return {
    lost: lost.promise,
    async listen(options): Promise<GuestListener> {
      const listener = ++listeners
      const ports$ = new Subject<Arrival>()
      arrivals.set(listener, ports$)
      const address = await calls.ask<'listen'>({ type: 'listen', listener, options }).catch((error: unknown) => {
        arrivals.delete(listener)
        throw error
      })
      return {
        address,
        ports$: ports$.asObservable(),
        expect: async (guest) => void (await calls.ask<'expect'>({ type: 'expect', listener, guest })),
        async close() {
          arrivals.delete(listener)
          ports$.complete()
          // Without the thread there is none.
          await calls.ask<'closeListener'>({ type: 'closeListener', listener }).catch(() => undefined)
        },
      }
    },
    dial: async (url, options) => ports.add(await calls.ask<'dial'>({ type: 'dial', url, options })),
    async close() {
      isClosing = true
      await calls.ask<'flush'>({ type: 'flush' }).catch(() => undefined)
      await worker.terminate()
      await ended
    },
  }
}

/** Hands an order over at once. */
type Tell = (order: RelayOrder, transfer?: readonly ArrayBuffer[]) => void

/** What the thread is asked for, and has not replied to. */
interface RelayCalls {
  ask<Type extends RelayRequest['type']>(
    request: Extract<RelayRequest, { readonly type: Type }>,
  ): Promise<RelayReplies[Type]>
  settle(report: Extract<RelayReport, { readonly type: 'reply' | 'failure' }>): void
  /** All calls, those to come as well, reject with this. */
  fail(error: Error): void
  failed(): boolean
}

function createRelayCalls(tell: Tell): RelayCalls {
  const calls = new Map<number, Deferred<unknown>>()
  let failure: Error | null = null
  let last = 0
  return {
    ask(request) {
      const reply = createDeferred<unknown>()
      if (failure === null) {
        const call = ++last
        calls.set(call, reply)
        tell({ type: 'ask', call, request })
      } else reply.reject(failure)
      return reply.promise as Promise<RelayReplies[typeof request.type]>
    },
    settle(report) {
      const found = calls.get(report.call)
      calls.delete(report.call)
      if (report.type === 'reply') found?.resolve(report.value)
      else found?.reject(reviveError(report.error))
    },
    fail(error) {
      failure = error
      for (const reply of calls.values()) reply.reject(error)
      calls.clear()
    },
    failed: () => failure !== null,
  }
}

/** This thread's ends of the ports, by number. */
interface RelayedPorts {
  add(number: number): Port
  take(report: Extract<RelayReport, { readonly type: 'frame' | 'end' }>): void
  /** All ports, those to come as well, break for this reason. */
  fail(reason: string): void
}

function createRelayedPorts(tell: Tell): RelayedPorts {
  const ports = new Map<number, RelayedPort>()
  let broken: PortEnding | null = null

  function end(number: number, ending: PortEnding): void {
    const found = ports.get(number)
    ports.delete(number)
    found?.end(ending)
  }

  return {
    add(number) {
      const relayed = createRelayedPort(number, tell)
      ports.set(number, relayed)
      if (broken !== null) end(number, broken)
      return relayed.port
    },
    take(report) {
      if (report.type === 'frame') ports.get(report.port)?.frame(report.bytes)
      else end(report.port, report.ending)
    },
    fail(reason) {
      broken = { kind: 'broken', reason }
      for (const number of [...ports.keys()]) end(number, broken)
    },
  }
}

/** A port whose connection another thread holds. */
interface RelayedPort {
  readonly port: Port
  frame(bytes: Uint8Array): void
  /** Nothing comes behind it. */
  end(ending: PortEnding): void
}

/**
 * This thread's end of a port; frames are handed over without copying, and the other thread sends them also while the
 * event loop of this one stands still.
 */
function createRelayedPort(number: number, tell: Tell): RelayedPort {
  const early: Uint8Array[] = []
  let receiver: PortReceiver | null = null
  let ending: PortEnding | null = null
  let isAborted = false
  const order = (type: 'receive' | 'admit' | 'close' | 'abort') => {
    if (ending === null) tell({ type, port: number })
  }
  return {
    port: {
      receive(listener) {
        receiver = listener
        for (const bytes of early.splice(0)) listener.frame(bytes)
        if (ending === null) order('receive')
        else listener.end(ending)
      },
      send(bytes) {
        if (ending === null) tell({ type: 'frame', port: number, bytes }, [bytes.buffer as ArrayBuffer])
      },
      flushed: () => null,
      admit: () => order('admit'),
      close: () => order('close'),
      abort() {
        isAborted = true
        order('abort')
      },
    },
    frame(bytes) {
      if (isAborted || ending !== null) return
      if (receiver === null) early.push(bytes)
      else receiver.frame(bytes)
    },
    end(found) {
      if (ending !== null) return
      ending = found
      receiver?.end(found)
    },
  }
}
