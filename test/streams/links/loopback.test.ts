import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLoopback } from '../../../src/streams/links/loopback.js'

const byte = fc.nat(255)

describe('loopback is', () => {
  test.each([
    'localhost',
    'LocalHost',
    '::1',
    '[::1]',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    '[::FFFF:127.255.0.9]',
    '::ffff:7f00:1',
  ])('%s', (host) => expect(isLoopback(host)).toBe(true))

  test('every address of 127.0.0.0/8', () => {
    fc.assert(
      fc.property(byte, byte, byte, (b, c, d) => {
        expect(isLoopback(`127.${b}.${c}.${d}`)).toBe(true)
        expect(isLoopback(`::ffff:127.${b}.${c}.${d}`)).toBe(true)
      }),
    )
  })
})

describe('loopback is not', () => {
  test.each([
    '',
    '0.0.0.0',
    '::',
    '::2',
    '1::1',
    '::ffff:126.0.0.1',
    '::127.0.0.1',
    'fe80::1',
    '::1%eth0',
    '127.0.0.1.example.com',
    'localhost.example.com',
    'localhost.',
    'my-machine',
    '127.1',
    '127.0.0',
    '127.0.0.1.2',
    '127.0.0.256',
    '127.0.0.01',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    ' 127.0.0.1',
    '127.0.0.1:80',
    '[::1',
    '[::1]:80',
    '[::1]/x',
    '[127.0.0.1]',
    '[localhost]',
  ])('"%s"', (host) => expect(isLoopback(host)).toBe(false))

  test('any address of another network', () => {
    const other = byte.filter((a) => a !== 127)
    fc.assert(
      fc.property(other, byte, byte, byte, (a, b, c, d) => {
        expect(isLoopback(`${a}.${b}.${c}.${d}`)).toBe(false)
        expect(isLoopback(`::ffff:${a}.${b}.${c}.${d}`)).toBe(false)
      }),
    )
  })
})
