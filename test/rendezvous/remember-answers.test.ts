import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/rendezvous/json-value.js'
import { readAnswer, readQuestion } from '../../src/rendezvous/letters.js'
import { rememberAnswers } from '../../src/rendezvous/remember-answers.js'

test('a question that is asked again is not taken again, whether it is answered or not yet', async () => {
  let times = 0
  const answer = rememberAnswers(async (body) => [body, ++times], { mostAnswers: 10, mostAnswered: 1000 })
  const both = await Promise.all([answer({ id: 'a', body: 1 }), answer({ id: 'a', body: 1 })])
  const later = await answer({ id: 'a', body: 1 })
  expect([...both, later].map((text) => readAnswer('x', text))).toEqual(Array.from({ length: 3 }, () => [1, 1]))
  expect(readAnswer('x', await answer({ id: 'b', body: 1 }))).toEqual([1, 2])
})

test('an error is remembered, too', async () => {
  let times = 0
  const answer = rememberAnswers(
    () => {
      throw new RangeError(`far ${++times}`)
    },
    { mostAnswers: 10, mostAnswered: 1000 },
  )
  for (let k = 0; k < 2; k++) {
    const text = await answer({ id: 'a', body: null })
    expect(() => readAnswer('x', text)).toThrow('far 1')
  }
})

test.each([
  { why: 'too many', limits: { mostAnswers: 3, mostAnswered: 1e6 } },
  { why: 'too long', limits: { mostAnswers: 100, mostAnswered: 3 * JSON.stringify({ body: 'x'.repeat(50) }).length } },
])('the oldest answers are forgotten where they are $why', async ({ limits }) => {
  const taken: JsonValue[] = []
  const take = async (body: JsonValue) => {
    taken.push(body)
    return 'x'.repeat(50)
  }
  const answer = rememberAnswers(take, limits)
  for (const id of ['a', 'b', 'c', 'd']) await answer({ id, body: id })
  for (const id of ['d', 'c', 'b', 'a']) await answer({ id, body: id })
  expect(taken).toEqual(['a', 'b', 'c', 'd', 'a'])
})

test.each(['', 'x', '3', 'null', '[]', '{"id":1,"body":2}', '{"id":"a"}', `{"id":"${'a'.repeat(101)}","body":1}`])(
  'what is no question is refused by name: %j',
  (text) => {
    expect(() => readQuestion('antidrome.x', text)).toThrow(expect.objectContaining({ code: 'RENDEZVOUS_MALFORMED' }))
  },
)

test.each(['', 'x', '3', 'null', '[]', '{}'])('what is no answer is refused by name: %j', (text) => {
  expect(() => readAnswer('antidrome.x', text)).toThrow(expect.objectContaining({ code: 'RENDEZVOUS_MALFORMED' }))
})
