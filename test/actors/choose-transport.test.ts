import { describe, expect, test } from 'vitest'
import { type ClusterOptions, clusterSettings } from '../../src/actors/cluster-options.js'

describe('without a transport, or with "auto", a cluster', () => {
  test.each<[ClusterOptions, string]>([
    [{}, 'thread'],
    [{ restarts: 0 }, 'thread'],
    [{ host: undefined as never, port: undefined as never, restarts: undefined as never }, 'thread'],
    [{ restarts: 1 }, 'websocket'],
    [{ restarts: Number.POSITIVE_INFINITY }, 'websocket'],
    [{ host: '127.0.0.1' }, 'websocket'],
    [{ port: 0 }, 'websocket'],
  ])('with %o is one of kind %s', (options, kind) => {
    expect(clusterSettings(options).transport).toBe(kind)
    expect(clusterSettings({ ...options, transport: 'auto' }).transport).toBe(kind)
    expect(clusterSettings({ ...options, transport: 'unix' }).transport).toBe('unix')
  })
})
