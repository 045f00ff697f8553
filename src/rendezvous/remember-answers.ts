import type { JsonValue } from './json-value.js'
import { type Question, writeAnswer, writeError } from './letters.js'
import type { RendezvousNumbers } from './rendezvous-numbers.js'

/**
 * Answers each question once: one that is asked again gets the answer it got, or the one that is on its way.
 *
 * The oldest answers are forgotten where there are too many, or too many characters.
 */
export function rememberAnswers(
  take: (body: JsonValue) => Promise<JsonValue>,
  { mostAnswers, mostAnswered }: Pick<RendezvousNumbers, 'mostAnswers' | 'mostAnswered'>,
): (question: Question) => Promise<string> {
  const running = new Map<string, Promise<string>>()
  const given = new Map<string, string>()
  let characters = 0

  return ({ id, body }) => {
    const known = given.get(id)
    if (known !== undefined) return Promise.resolve(known)
    const answer = running.get(id) ?? answerNow(id, body)
    running.set(id, answer)
    return answer
  }

  async function answerNow(id: string, body: JsonValue): Promise<string> {
    const text = await Promise.resolve()
      .then(() => take(body))
      .then(writeAnswer)
      .catch(writeError)
    running.delete(id)
    remember(id, text)
    return text
  }

  function remember(id: string, text: string): void {
    given.set(id, text)
    characters += text.length
    for (const [oldest, { length }] of given) {
      if (given.size <= mostAnswers && characters <= mostAnswered) return
      given.delete(oldest)
      characters -= length
    }
  }
}
