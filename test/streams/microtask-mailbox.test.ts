import { expect, test } from 'vitest'
import { createMicrotaskMailbox } from '../../src/streams/mailbox.js'

test('messages are delivered soon, in their order, with those sent meanwhile; then it is idle', async () => {
  const heard: string[] = []
  const deliver = createMicrotaskMailbox(() => heard.push('idle'))
  deliver(() => {
    heard.push('a')
    deliver(() => heard.push('c'))
  })
  deliver(() => heard.push('b'))
  expect(heard).toEqual([])
  await Promise.resolve()
  expect(heard).toEqual(['a', 'b', 'c', 'idle'])
  deliver(() => heard.push('d'))
  await Promise.resolve()
  expect(heard.slice(4)).toEqual(['d', 'idle'])
})

test('nothing is delivered while it is held, and everything afterwards, in order', async () => {
  const heard: string[] = []
  let release: (() => void) | null = null
  const hold = () => new Promise<void>((resolve) => (release = resolve))
  let held: Promise<void> | null = null
  const deliver = createMicrotaskMailbox(
    () => heard.push('idle'),
    () => held,
  )
  deliver(() => {
    heard.push('a')
    held = hold()
  })
  deliver(() => heard.push('b'))
  deliver(() => heard.push('c'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['a'])
  // Held once more by the time the first hold ends.
  const first = release!
  held = hold()
  first()
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['a'])
  held = null
  release!()
  await new Promise((resolve) => setImmediate(resolve))
  expect(heard).toEqual(['a', 'b', 'c', 'idle'])
})
