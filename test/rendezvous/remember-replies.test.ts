import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/rendezvous/json-value.js'
import { rememberReplies } from '../../src/rendezvous/remember-replies.js'
import { readReply, readRequest } from '../../src/rendezvous/request-codec.js'

test('a request that is sent again is not taken again, whether it has its reply or not yet', async () => {
  let times = 0
  const reply = rememberReplies(async (body) => [body, ++times], { mostReplies: 10, mostReplied: 1000 })
  const both = await Promise.all([reply({ id: 'a', body: 1 }), reply({ id: 'a', body: 1 })])
  const later = await reply({ id: 'a', body: 1 })
  expect([...both, later].map((text) => readReply('x', text))).toEqual(Array.from({ length: 3 }, () => [1, 1]))
  expect(readReply('x', await reply({ id: 'b', body: 1 }))).toEqual([1, 2])
})

test('an error is remembered, too', async () => {
  let times = 0
  const reply = rememberReplies(
    () => {
      throw new RangeError(`far ${++times}`)
    },
    { mostReplies: 10, mostReplied: 1000 },
  )
  for (let k = 0; k < 2; k++) {
    const text = await reply({ id: 'a', body: null })
    expect(() => readReply('x', text)).toThrow('far 1')
  }
})

test.each([
  { why: 'too many', limits: { mostReplies: 3, mostReplied: 1e6 } },
  { why: 'too long', limits: { mostReplies: 100, mostReplied: 3 * JSON.stringify({ body: 'x'.repeat(50) }).length } },
])('the oldest replies are forgotten where they are $why', async ({ limits }) => {
  const taken: JsonValue[] = []
  const take = async (body: JsonValue) => {
    taken.push(body)
    return 'x'.repeat(50)
  }
  const reply = rememberReplies(take, limits)
  for (const id of ['a', 'b', 'c', 'd']) await reply({ id, body: id })
  for (const id of ['d', 'c', 'b', 'a']) await reply({ id, body: id })
  expect(taken).toEqual(['a', 'b', 'c', 'd', 'a'])
})

test.each(['', 'x', '3', 'null', '[]', '{"id":1,"body":2}', '{"id":"a"}', `{"id":"${'a'.repeat(101)}","body":1}`])(
  'what is no request is refused by name: %j',
  (text) => {
    expect(() => readRequest('antidrome.x', text)).toThrow(expect.objectContaining({ code: 'RENDEZVOUS_MALFORMED' }))
  },
)

test.each(['', 'x', '3', 'null', '[]', '{}'])('what is no reply is refused by name: %j', (text) => {
  expect(() => readReply('antidrome.x', text)).toThrow(expect.objectContaining({ code: 'RENDEZVOUS_MALFORMED' }))
})
