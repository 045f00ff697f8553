import { describe, expect, test } from 'vitest'
import { chooseListeners, describeListeners } from '../../../src/cli/worker/choose-listener.js'
import { advertisedAddress, NOWHERE, workerAddress } from '../../../src/cli/worker/worker-flags.js'

const listenAt = workerAddress('--listen')
const advertiseAt = advertisedAddress('--advertise')
const HERE = { seenAs: '10.0.0.7', own: ['127.0.0.1', '10.0.0.7'] }
const NAT = { seenAs: '203.0.113.9', own: ['127.0.0.1', '192.168.0.2'] }
const UNKNOWN = { seenAs: null, own: ['127.0.0.1'] }

type Flags = Omit<Parameters<typeof chooseListeners>[0], 'slots'>

describe('addresses are read', () => {
  test.each([
    ['10.0.0.7', { host: '10.0.0.7', ports: null }],
    ['a-b.example', { host: 'a-b.example', ports: null }],
    ['10.0.0.7:7000', { host: '10.0.0.7', ports: { from: 7000, to: 7000 } }],
    ['0.0.0.0:7000-7007', { host: '0.0.0.0', ports: { from: 7000, to: 7007 } }],
    ['[::1]:7000', { host: '::1', ports: { from: 7000, to: 7000 } }],
    ['[fe80::1%eth0]', { host: 'fe80::1%eth0', ports: null }],
    ['a:0', { host: 'a', ports: null }],
  ])('%s', (text, expected) => {
    expect(listenAt(text)).toEqual(expected)
  })

  test.each([
    '',
    ':7000',
    'a:',
    'a:65536',
    'a:7-6',
    'a:0-5',
    'a:1-65536',
    '::1',
    '[::1',
    'a b',
    'a/b',
    'a:x',
    'http://a',
  ])('not %j', (text) => {
    expect(() => listenAt(text)).toThrow(expect.objectContaining({ code: 'FLAG_VALUE' }))
    expect(() => advertiseAt(text)).toThrow(/--advertise/)
  })

  test('what others dial has one port at most', () => {
    expect(advertiseAt('a:7000')).toEqual({ host: 'a', port: 7000 })
    expect(advertiseAt('a')).toEqual({ host: 'a' })
    expect(() => advertiseAt('a:7000-7001')).toThrow('the first of its ports')
  })
})

test.each<[flags: Flags, slots: number, words: string]>([
  [{}, 2, 'links at 10.0.0.7'],
  [{ listen: NOWHERE }, 2, 'links by way of the server alone'],
  [{ listen: listenAt('[::1]:7000') }, 1, 'links at [::1]:7000'],
  [{ listen: listenAt('a:7000-7009') }, 4, 'links at a:7000-7003'],
  [{ listen: listenAt('0.0.0.0') }, 2, 'links at 10.0.0.7, listening at 0.0.0.0'],
  [{ listen: listenAt('0.0.0.0:7000-7003') }, 4, 'links at 10.0.0.7:7000-7003, listening at 0.0.0.0:7000-7003'],
  [
    { listen: listenAt('[::]:7000-7001'), advertise: advertiseAt('gate:9000') },
    2,
    'links at gate:9000-9001, listening at [::]:7000-7001',
  ],
])('people read what others dial, and where it listens: %j', (flags, slots, words) => {
  expect(describeListeners(chooseListeners({ slots, ...flags }, null, HERE), slots)).toBe(words)
})

describe('the processes of a worker listen', () => {
  const listenerOf = (flags: Flags, where = HERE, slot = 1, slots = 2) =>
    chooseListeners({ slots, ...flags }, null, where)?.(slot)

  test.each<[what: string, flags: Flags, where: typeof HERE | typeof UNKNOWN, door: object]>([
    ['where the server sees this machine', {}, HERE, { host: '10.0.0.7' }],
    ['where they are told', { listen: listenAt('127.0.0.1') }, HERE, { host: '127.0.0.1' }],
    ['each at a port of the range', { listen: listenAt('a:7000-7009') }, UNKNOWN, { host: 'a', port: 7001 }],
    [
      'everywhere, and others dial what the server sees',
      { listen: listenAt('0.0.0.0') },
      HERE,
      { host: '0.0.0.0', advertise: { host: '10.0.0.7' } },
    ],
    [
      'everywhere, and others dial what they are told',
      { listen: listenAt('[::]'), advertise: advertiseAt('gate') },
      UNKNOWN,
      { host: '::', advertise: { host: 'gate' } },
    ],
    [
      'behind a router that passes on as many ports',
      { listen: listenAt('192.168.0.2:7000-7001'), advertise: advertiseAt('203.0.113.9:9000') },
      NAT,
      { host: '192.168.0.2', port: 7001, advertise: { host: '203.0.113.9', port: 9001 } },
    ],
  ])('%s', (_, flags, where, door) => {
    expect(listenerOf(flags, where as typeof HERE)).toEqual(door)
  })

  test('with the security that was chosen', () => {
    const security = { kind: 'psk' } as const
    expect(chooseListeners({ slots: 1 }, security, HERE)?.(0)).toEqual({ host: '10.0.0.7', security })
  })

  test('nowhere where they are told so', () => {
    expect(chooseListeners({ slots: 1, listen: NOWHERE }, null, UNKNOWN)).toBeNull()
  })

  test.each<[what: string, flags: Flags, where: typeof HERE | typeof UNKNOWN, field: string, found: RegExp]>([
    ['the server does not say', {}, UNKNOWN, '--listen', /the server does not say/],
    ['a router is between', {}, NAT, '--listen', /sees 203\.0\.113\.9, which is not of this machine/],
    ['everywhere is no address to dial', { listen: listenAt('0.0.0.0') }, NAT, '--advertise', /203\.0\.113\.9/],
  ])('not where nobody knows how to dial them: %s', (_, flags, where, field, found) => {
    expect(() => listenerOf(flags, where as typeof HERE)).toThrow(
      expect.objectContaining({ code: 'ADDRESS_UNKNOWN', mistake: expect.objectContaining({ field }) }),
    )
    expect(() => listenerOf(flags, where as typeof HERE)).toThrow(found)
  })

  test('not where there are fewer ports than slots', () => {
    expect(() => listenerOf({ listen: listenAt('a:7000-7001') }, HERE, 0, 3)).toThrow(
      '--listen: found 2 ports, expected a port for each of 3 slots',
    )
    expect(() => listenerOf({ listen: listenAt('a:7000') }, HERE, 0, 2)).toThrow('found 1 port, ')
  })
})
