import type { JsonValue } from './json-value.js'
import type { RendezvousNumbers } from './rendezvous-numbers.js'
import { type Request, writeError, writeReply } from './request-codec.js'

/**
 * Replies to each request once: one that is sent again gets the reply it got, or the one that is on its way.
 *
 * The oldest replies are forgotten where there are too many, or too many characters.
 */
export function rememberReplies(
  take: (body: JsonValue) => Promise<JsonValue>,
  { mostReplies, mostReplied }: Pick<RendezvousNumbers, 'mostReplies' | 'mostReplied'>,
): (request: Request) => Promise<string> {
  const running = new Map<string, Promise<string>>()
  const given = new Map<string, string>()
  let characters = 0

  return ({ id, body }) => {
    const known = given.get(id)
    if (known !== undefined) return Promise.resolve(known)
    const reply = running.get(id) ?? replyNow(id, body)
    running.set(id, reply)
    return reply
  }

  async function replyNow(id: string, body: JsonValue): Promise<string> {
    const text = await Promise.resolve()
      .then(() => take(body))
      .then(writeReply)
      .catch(writeError)
    running.delete(id)
    remember(id, text)
    return text
  }

  function remember(id: string, text: string): void {
    given.set(id, text)
    characters += text.length
    for (const [oldest, { length }] of given) {
      if (given.size <= mostReplies && characters <= mostReplied) return
      given.delete(oldest)
      characters -= length
    }
  }
}
