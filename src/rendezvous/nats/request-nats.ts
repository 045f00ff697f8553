import { randomUUID } from 'node:crypto'
import { createInbox, type Msg } from '@nats-io/transport-node'
import { startWaiting } from '../../streams/waiting.js'
import { denied, noReply, tooLarge } from '../failures.js'
import type { JsonValue } from '../json-value.js'
import { rememberReplies } from '../remember-replies.js'
import type { RequestAllOptions } from '../rendezvous.js'
import { bodyOf, readReply, readRequest, writeError, writeRequest } from '../request-codec.js'
import { type NatsSetup, named, requested, troubleAt } from './nats-connection.js'

export async function requestOne(setup: NatsSetup, subject: string, body: JsonValue): Promise<JsonValue> {
  const { connection, numbers } = setup
  const request = encoded(setup, subject, writeRequest({ id: randomUUID(), body }))
  const reply = await requested(setup, subject, () =>
    connection.request(subject, request, { timeout: numbers.requestTimeout }),
  )
  return readReply(subject, reply.string())
}

export async function requestEveryone(
  setup: NatsSetup,
  subject: string,
  body: JsonValue,
  { patience, enough = () => false }: RequestAllOptions,
): Promise<readonly JsonValue[]> {
  const { connection, inbox, clock, status$ } = setup
  const request = encoded(setup, subject, writeRequest({ id: randomUUID(), body }))
  const replies: JsonValue[] = []
  try {
    await new Promise<void>((resolve, reject) => {
      const reply = createInbox(inbox)
      const subscription = connection.subscribe(reply, {
        callback: (error, message) => {
          if (error !== null) end(error)
          // No responder.
          else if (message.data.length === 0 && message.headers?.code === 503) end()
          else hear(message)
        },
      })
      const waiting = startWaiting(clock, patience, () => end())
      const denials = status$.subscribe({
        next: (status) => {
          if (status.kind === 'denied' && status.subject === subject) end(denied(status.operation, subject))
        },
        complete: () => end(),
      })
      connection.publish(subject, request, { reply })

      function hear(message: Msg): void {
        const answer = bodyOf(message.string())
        if (answer === null) return
        replies.push(answer.body)
        if (enough(replies)) end()
      }

      function end(error?: unknown): void {
        waiting[Symbol.dispose]()
        denials.unsubscribe()
        if (!connection.isClosed()) subscription.unsubscribe()
        if (error === undefined) resolve()
        else reject(error)
      }
    })
  } catch (error) {
    throw named(setup, subject, error)
  }
  return replies
}

export async function replyAt(
  setup: NatsSetup,
  subject: string,
  take: (body: JsonValue) => Promise<JsonValue>,
): Promise<AsyncDisposable> {
  const { connection, status$, numbers } = setup
  const replyOnce = rememberReplies(take, numbers)
  let refusal: Error | null = null
  const subscription = await requested(setup, subject, async () => {
    const made = connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) void reply(message)
        else refusal = error
      },
    })
    try {
      await flushed(setup, subject)
    } catch (error) {
      if (!connection.isClosed()) made.unsubscribe()
      throw error
    }
    if (refusal !== null) throw refusal
    return made
  })
  return {
    async [Symbol.asyncDispose]() {
      if (connection.isClosed() || subscription.isClosed()) return
      subscription.unsubscribe()
      await flushed(setup, subject).catch(() => undefined)
    },
  }

  async function reply(message: Msg): Promise<void> {
    const text = await read(message)
    if (connection.isClosed() || message.reply === undefined) return
    try {
      message.respond(encoded(setup, subject, text))
    } catch (error) {
      const trouble = troubleAt(setup, error)
      if (trouble.kind === 'denied') status$.next(trouble)
      else if (trouble.kind !== 'closed') message.respond(writeError(error))
    }
  }

  async function read(message: Msg): Promise<string> {
    try {
      return await replyOnce(readRequest(subject, message.string()))
    } catch (error) {
      return writeError(error)
    }
  }
}

/** Whatever was sent has got to the server, and its objections to us. */
async function flushed({ connection, clock, numbers }: NatsSetup, subject: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const late = () => reject(new Error('connection disconnected', { cause: noReply(subject, 1) }))
    const waiting = startWaiting(clock, numbers.requestTimeout, late)
    connection.flush().then(resolve, reject).finally(waiting[Symbol.dispose])
  })
}

function encoded({ connection }: NatsSetup, subject: string, text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text)
  const most = connection.info?.max_payload ?? Number.POSITIVE_INFINITY
  if (bytes.length > most) throw tooLarge(subject, bytes.length, most)
  return bytes
}
