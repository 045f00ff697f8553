import { Observable, Subject, Subscription } from 'rxjs'
import { InternalError } from '../../events/errors.js'
import type { GradientBatch } from '../../events/gradient-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Deliver } from '../deliver.js'
import { createFifo } from '../fifo.js'
import type { Link } from '../link.js'
import type { ListenersMessage, Message, StreamMessage } from '../message.js'
import type { Pathway } from '../pathway.js'
import type { VectorStream } from '../vector-stream.js'
import type { ArrivalCheck } from './arrival-check.js'
import { type Arrived, createEarlyMessages } from './early-messages.js'
import { inOrder } from './in-order.js'
import type { PathwayEnds } from './pathway-ends.js'

/** The ends here of pathways that leave the process. */
export interface RemoteEnds extends PathwayEnds {
  /**
   * From now on messages belong to this run: older ones are dropped, also those that wait to be delivered; those that came
   * early are handed to `deliver`.
   */
  begin(run: number): void
}

export interface RemoteEndsOptions {
  readonly links: Iterable<Link>
  /** The link that carries a stream. */
  linkOf(stream: number): Link
  readonly deliver: Deliver
  /**
   * Called for every run before it begins here; a message that it refuses ends the link. Default: nothing is checked.
   */
  readonly check?: ArrivalCheck
  /**
   * Takes the set of units with receivers at the other end of a stream; returns why it is invalid. Default: all are
   * refused.
   */
  readonly hear?: (message: ListenersMessage) => string | null
}

/** A peer may begin a run before it begins here: its messages wait. */
export function createRemoteEnds(options: RemoteEndsOptions): RemoteEnds {
  const { links, linkOf, deliver, check, hear = noStranger } = options
  const receivers = new Map<number, (arrived: Arrived) => void>()
  const senders: { begin(): void; close(): void }[] = []
  const subscriptions = new Subscription()
  let run = 0
  const early = createEarlyMessages(drop)

  for (const link of links) {
    // The code that opened the link watches for its end.
    subscriptions.add(link.messages$.subscribe({ next: (message) => sort(link, message), error: () => undefined }))
  }

  function sort(link: Link, message: Message): void {
    const fault = faultOfMessage(link, message)
    if (fault !== null) refuse(link, fault)
    else if (message.kind !== 'value' && message.kind !== 'listeners' && message.run === run)
      receivers.get(message.stream)?.({ link, message })
  }

  function faultOfMessage(link: Link, message: Message): string | null {
    if (message.kind === 'value') return 'a value, though it carries streams'
    return message.kind === 'listeners' ? hear(message) : faultOf({ link, message })
  }

  /** Why a message cannot be right; null if it waits, is dropped or is for now. */
  function faultOf(arrived: Arrived): string | null {
    const { message } = arrived
    if (message.run > run) return early.keep(arrived)
    if (message.run === run && receivers.has(message.stream)) return check?.fault(message) ?? null
    drop(arrived)
    return null
  }

  function drop({ link, message }: Arrived): void {
    if (message.kind === 'spikes') link.release(message.stream)
  }

  /** Hands what arrives on a stream to `take`, message by message. */
  function receive(stream: number, take: (message: StreamMessage) => void): void {
    const hand = inOrder<Arrived>(deliver, (arrived) => {
      // A run may be broken off, and the next one begin, while a message waits to be delivered.
      if (arrived.message.run === run) take(arrived.message)
      else drop(arrived)
    })
    receivers.set(stream, hand)
  }

  function refuse(link: Link, fault: string): void {
    link.fail(new InternalError(`What came over ${link.name} cannot be right: ${fault}.`))
  }

  function begin(number: number): void {
    run = number
    for (const sender of senders) sender.begin()
    for (const { link, message } of early.take(number)) sort(link, message)
  }

  function endOf(stream: number): StreamEnd {
    return { stream, link: linkOf(stream), run: () => run, receive: (take) => receive(stream, take) }
  }

  function pathway(stream: number): Pathway {
    const { pathway, begin, close } = createPathwayEnd(endOf(stream), deliver, check)
    senders.push({ begin, close })
    return pathway
  }

  function close(): void {
    subscriptions.unsubscribe()
    for (const sender of senders) sender.close()
  }

  return { pathway, vectorStream: (stream) => createVectorEnd(endOf(stream)), begin, close }
}

/** This end of one stream. */
interface StreamEnd {
  readonly stream: number
  readonly link: Link
  /** The present one. */
  run(): number
  /** Hands what arrives to `take`, message by message. */
  receive(take: (message: StreamMessage) => void): void
}

interface PathwayEnd {
  readonly pathway: Pathway
  /** A run begins: batches that wait for credit are dropped. */
  begin(): void
  close(): void
}

function createPathwayEnd(
  { stream, link, run, receive }: StreamEnd,
  deliver: Deliver,
  check: ArrivalCheck | undefined,
): PathwayEnd {
  const spikes$ = new Subject<SpikeBatch>()
  const gradients$ = new Subject<GradientBatch>()
  const opened$ = new Subject<void>()
  let waiting = createFifo<SpikeBatch>()
  const isOpen = () => waiting.size === 0 && link.credit(stream) > 0
  const flush = () => {
    while (waiting.size > 0 && link.credit(stream) > 0) {
      const batch = waiting.take()
      check?.sent(stream, batch)
      link.send({ kind: 'spikes', stream, run: run(), batch })
    }
  }
  receive((message) => {
    if (message.kind === 'gradients') gradients$.next(message.batch)
    if (message.kind !== 'spikes') return
    link.release(stream)
    spikes$.next(message.batch)
  })
  const reopening = ofStream(link, stream).subscribe(() =>
    deliver(() => {
      flush()
      if (isOpen()) opened$.next()
    }),
  )
  return {
    begin() {
      waiting = createFifo()
    },
    close: () => reopening.unsubscribe(),
    pathway: {
      spikes$: spikes$.asObservable(),
      gradients$: gradients$.asObservable(),
      opened$: opened$.asObservable(),
      isOpen,
      sendSpikes(batch) {
        waiting.push(batch)
        flush()
      },
      sendGradients: (batch) => link.send({ kind: 'gradients', stream, run: run(), batch }),
      close() {
        for (const subject of [spikes$, gradients$, opened$]) subject.complete()
      },
    },
  }
}

function createVectorEnd({ stream, link, run, receive }: StreamEnd): VectorStream {
  // Each end only ever receives one of the two directions.
  const vectors$ = new Subject<Float64Array>()
  receive((message) => {
    if (message.kind === 'vector') vectors$.next(message.values)
  })
  const send = (values: Float64Array) => link.send({ kind: 'vector', stream, run: run(), values })
  const received$ = vectors$.asObservable()
  return {
    values$: received$,
    returned$: received$,
    sendValues: send,
    sendReturned: send,
    close: () => vectors$.complete(),
  }
}

function noStranger({ stream }: ListenersMessage): string {
  return `listeners of stream ${stream}, which no peer may report`
}

function ofStream(link: Link, stream: number): Observable<number> {
  return new Observable((subscriber) =>
    link.writable$.subscribe({
      next: (writable) => {
        if (writable === stream) subscriber.next(writable)
      },
      error: () => subscriber.complete(),
    }),
  )
}
