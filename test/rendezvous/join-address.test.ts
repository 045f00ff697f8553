import { expect, test } from 'vitest'
import { readAddresses } from '../../src/rendezvous/join-address.js'

test.each([
  { text: 'nats://localhost', is: 'nats://localhost:4222', isLoopback: true },
  { text: 'localhost:1', is: 'nats://localhost:1', isLoopback: true },
  { text: 'tls://127.4.5.6:4333/', is: 'tls://127.4.5.6:4333', isLoopback: true },
  { text: 'nats://[::1]:4222', is: 'nats://[::1]:4222', isLoopback: true },
  { text: 'nats://127.1', is: 'nats://127.1:4222', isLoopback: false },
  { text: 'nats://127.0.0.1.example.org', is: 'nats://127.0.0.1.example.org:4222', isLoopback: false },
  { text: 'nats://localhost.example.org', is: 'nats://localhost.example.org:4222', isLoopback: false },
  { text: 'nats://10.0.0.1', is: 'nats://10.0.0.1:4222', isLoopback: false },
  { text: 'nats://[fe80::1]', is: 'nats://[fe80::1]:4222', isLoopback: false },
  { text: 'nats://[::ffff:127.0.0.1]', is: 'nats://[::ffff:7f00:1]:4222', isLoopback: false },
])('$text is read', ({ text, is, isLoopback }) => {
  expect(readAddresses(text)).toMatchObject([{ text: is, isLoopback, isTls: is.startsWith('tls') }])
})

test('several are a list, or parted by commas', () => {
  const two = readAddresses('nats://a:1, nats://b:2')
  expect(two).toEqual(readAddresses(['nats://a:1', 'nats://b:2']))
  expect(two.map(({ host }) => host)).toEqual(['a', 'b'])
})

test.each([
  '',
  'nats://',
  'ws://a',
  'http://a:4222',
  'nats://a:99999',
  'nats://a/b',
  'nats://a?b',
  'nats://a b',
  'nats://a,',
])('%j is refused by name', (text) => {
  const error = { code: 'JOIN_URL_INVALID', mistake: { field: 'options.join.servers' } }
  expect(() => readAddresses(text)).toThrow(
    expect.objectContaining({ ...error, mistake: expect.objectContaining(error.mistake) }),
  )
})

test('no servers are refused', () => {
  expect(() => readAddresses([])).toThrow(expect.objectContaining({ code: 'JOIN_URL_INVALID' }))
})

test.each(['nats://me:secret@host', 'tls://secret@host:1', 'me:secret@host', 'nats://a,nats://:secret@b'])(
  'credentials in a URL are refused, and not told: %s',
  (text) => {
    let message = ''
    try {
      readAddresses(text)
    } catch (error) {
      message = String(error)
    }
    expect(message).toContain('with credentials')
    expect(message).not.toContain('secret')
  },
)
