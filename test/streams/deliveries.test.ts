import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeliveries } from '../../src/streams/deliveries.js'
import { createMailbox } from '../../src/streams/mailbox.js'

/** Lets everything that waits for microtasks happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve))

function watch(deliver: (message: () => void) => void) {
  const deliveries = createDeliveries(deliver)
  let resolved = 0
  const quiet = () => deliveries.quiet().then(() => resolved++)
  return { deliveries, quiet, resolved: () => resolved }
}

test('is quiet once every message has arrived, in any order, and with it those sent meanwhile', async () => {
  const courses = fc
    .array(fc.nat(2), { minLength: 1, maxLength: 6 })
    .chain((replies) =>
      fc.record({ replies: fc.constant(replies), order: fc.array(fc.nat(20), { minLength: 30, maxLength: 30 }) }),
    )
  await fc.assert(
    fc.asyncProperty(courses, async ({ replies, order }) => {
      const underWay: (() => void)[] = []
      const { deliveries, quiet, resolved } = watch((message) => underWay.push(message))
      for (const count of replies)
        deliveries.deliver(() => {
          for (let k = 0; k < count; k++) deliveries.deliver(() => undefined)
        })
      void quiet()
      for (let k = 0; underWay.length > 0; k++) {
        await Promise.resolve()
        expect(resolved()).toBe(0)
        const [message] = underWay.splice(order[k % order.length]! % underWay.length, 1)
        message!()
      }
      await settle()
      expect(resolved()).toBe(1)
    }),
    { numRuns: 40 },
  )
})

describe('deliveries', () => {
  test('falls quiet past a message that throws, with those behind it in the mailbox', async () => {
    const mailbox = createMailbox()
    const { deliveries, quiet, resolved } = watch(mailbox.deliver)
    deliveries.deliver(() => {
      throw new Error('broken')
    })
    deliveries.deliver(() => undefined)
    void quiet()
    expect(() => mailbox.drain()).toThrow('broken')
    await settle()
    expect(resolved()).toBe(1)
  })

  test('is quiet when nothing was ever sent', async () => {
    await expect(createDeliveries(() => undefined).quiet()).resolves.toBeUndefined()
  })

  test('lets everybody know who waits', async () => {
    const underWay: (() => void)[] = []
    const { deliveries, quiet, resolved } = watch((message) => underWay.push(message))
    deliveries.deliver(() => undefined)
    void quiet()
    void quiet()
    await settle()
    expect(resolved()).toBe(0)
    underWay[0]!()
    await settle()
    expect(resolved()).toBe(2)
  })

  test('counts a message that throws as arrived', async () => {
    const underWay: (() => void)[] = []
    const { deliveries, quiet, resolved } = watch((message) => underWay.push(message))
    deliveries.deliver(() => {
      throw new Error('broken')
    })
    void quiet()
    expect(underWay[0]).toThrow('broken')
    await settle()
    expect(resolved()).toBe(1)
  })

  test('hands on the error of a message that cannot be sent, and does not wait for it', async () => {
    const deliveries = createDeliveries(() => {
      throw new Error('the line is dead')
    })
    expect(() => deliveries.deliver(() => undefined)).toThrow('the line is dead')
    await expect(deliveries.quiet()).resolves.toBeUndefined()
  })

  test('delivers at once only when the sender is through', async () => {
    const { deliveries, quiet, resolved } = watch((message) => message())
    const heard: string[] = []
    deliveries.deliver(() => heard.push('first'))
    deliveries.deliver(() => heard.push('second'))
    heard.push('sent')
    void quiet()
    await settle()
    expect(heard).toEqual(['sent', 'first', 'second'])
    expect(resolved()).toBe(1)
  })
})
