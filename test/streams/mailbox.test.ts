import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMailbox } from '../../src/streams/mailbox.js'

interface Letter {
  readonly replies: readonly Letter[]
}

const replyingWith = (reply: fc.Arbitrary<Letter>): fc.Arbitrary<Letter> =>
  fc.record({ replies: fc.array(reply, { maxLength: 3 }) })
const letter = replyingWith(replyingWith(replyingWith(fc.constant({ replies: [] }))))

test('messages are delivered in the order they were handed over, also those sent meanwhile', () => {
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 4 }), (letters) => {
      const { deliver, drain } = createMailbox()
      let handedOver = 0
      const delivered: number[] = []
      const send = ({ replies }: Letter): void => {
        const number = handedOver++
        deliver(() => {
          delivered.push(number)
          replies.forEach(send)
          // Draining is under way: a message that asks for it changes nothing.
          drain()
        })
      }
      letters.forEach(send)
      expect(delivered).toEqual([])
      drain()
      expect(delivered).toEqual(Array.from({ length: handedOver }, (_, k) => k))
    }),
  )
})

describe('a mailbox', () => {
  test('does not grow the stack: 10^5 messages, each sent by the one before', () => {
    const { deliver, drain } = createMailbox()
    let delivered = 0
    const send = () =>
      deliver(() => {
        if (++delivered < 1e5) send()
      })
    send()
    drain()
    expect(delivered).toBe(1e5)
  })

  test('delivers what is behind a message that throws, and what that one sent, and then throws', () => {
    const { deliver, drain } = createMailbox()
    const delivered: string[] = []
    deliver(() => {
      deliver(() => {
        delivered.push('sent by the culprit')
        throw new Error('later')
      })
      throw new Error('broken')
    })
    deliver(() => delivered.push('behind the culprit'))
    expect(drain).toThrow('broken')
    expect(delivered).toEqual(['behind the culprit', 'sent by the culprit'])
    deliver(() => delivered.push('afterwards'))
    drain()
    expect(delivered.slice(2)).toEqual(['afterwards'])
  })
})
