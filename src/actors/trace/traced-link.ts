import { Subject } from 'rxjs'
import type { Link } from '../../streams/link.js'
import { type Message, runOfMessage } from '../../streams/message.js'
import type { TraceRecorder } from './trace-recorder.js'

/**
 * The same link, on whose track every message is recorded as it is sent or has arrived; the two ends count alike, so that
 * an arrow joins them.
 *
 * Messages are listened to from now on: nothing may have arrived before.
 *
 * @param groupOf the emitting group of a stream
 */
export function tracedLink(
  link: Link,
  recorder: TraceRecorder,
  { peer, groupOf }: { readonly peer: number; groupOf(stream: number): string },
): Link {
  const track = recorder.track(link.name, peer)
  const sending = createMessageLabels(recorder, 'send', groupOf)
  const arriving = createMessageLabels(recorder, 'take', groupOf)
  const messages$ = new Subject<Message>()
  let sent = 0
  let arrived = 0

  function send(message: Message): void {
    const start = recorder.now()
    const before = link.sent.bytes
    link.send(message)
    sent++
    const amount = link.sent.bytes - before
    const run = runOfMessage(message) || recorder.run
    recorder.add({ track, label: sending(message), start, end: recorder.now(), run, flow: sent, amount })
  }

  function arrive(message: Message): void {
    const start = recorder.now()
    const run = runOfMessage(message) || recorder.run
    messages$.next(message)
    arrived++
    recorder.add({ track, label: arriving(message), start, end: recorder.now(), run, flow: arrived })
  }

  link.messages$.subscribe({
    next: arrive,
    error: (error) => messages$.error(error),
    complete: () => messages$.complete(),
  })
  return {
    get name() {
      return link.name
    },
    get peer() {
      return link.peer
    },
    get unheard() {
      return link.unheard
    },
    opened: link.opened,
    messages$: messages$.asObservable(),
    writable$: link.writable$,
    sent: link.sent,
    received: link.received,
    send,
    credit: (stream) => link.credit(stream),
    release: (stream) => link.release(stream),
    watch: () => link.watch(),
    beat: () => link.beat(),
    flushed: () => link.flushed(),
    fail: (error) => link.fail(error),
    close: () => link.close(),
  }
}

/** The label of each message, by its kind and group. */
function createMessageLabels(
  recorder: TraceRecorder,
  verb: 'send' | 'take',
  groupOf: (stream: number) => string,
): (message: Message) => number {
  const known = new Map<string, number>()
  return (message) => {
    const what = message.kind === 'value' ? 'value' : `${message.kind} ${groupOf(message.stream)}`
    const found = known.get(what)
    if (found !== undefined) return found
    const ends = verb === 'send' ? ({ flow: 'begins', amount: 'bytes' } as const) : ({ flow: 'ends' } as const)
    const label = recorder.label({ name: `${verb} ${what}`, category: 'link', ...ends })
    known.set(what, label)
    return label
  }
}
