import { expect, test } from 'vitest'
import { createMicrotaskMailbox } from '../../src/streams/microtask-mailbox.js'

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
