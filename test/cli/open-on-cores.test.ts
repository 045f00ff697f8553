import { describe, expect, test } from 'vitest'
import { type TransportFlags, transportOf } from '../../src/cli/open-on-cores.js'

const KEPT = { kind: 'folder', path: 'kept' } as const

describe('without --transport, or with auto, a run', () => {
  const listen = { host: '127.0.0.1', port: 0 }

  test.each<[Partial<TransportFlags>, string]>([
    [{ cores: 1 }, 'local'],
    [{ cores: 1, listen }, 'local'],
    [{}, 'thread'],
    [{ listen }, 'websocket'],
    [{ restarts: 2 }, 'websocket'],
    [{ restarts: 0 }, 'thread'],
    [{ checkpoint: KEPT }, 'websocket'],
    [{ checkpoint: KEPT, restarts: 0 }, 'thread'],
  ])('with %o is one of kind %s', (flags, kind) => {
    expect(transportOf({ cores: 2, ...flags })).toBe(kind)
    expect(transportOf({ cores: 2, ...flags, transport: 'auto' })).toBe(kind)
    expect(transportOf({ cores: 2, ...flags, transport: 'unix' })).toBe('unix')
  })
})
