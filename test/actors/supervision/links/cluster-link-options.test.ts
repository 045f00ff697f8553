import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  controlOptions,
  linkOptions,
  listenOptions,
} from '../../../../src/actors/supervision/links/cluster-link-options.js'
import { COORDINATOR } from '../../../../src/streams/links/link-options.js'
import { clusterSpec } from '../../../support/cluster-spec.js'

const spec = (startLimit: number) => clusterSpec({ silence: 2000, heartbeat: 500, startLimit })

test('nobody waits for a connection or an agreement longer or shorter than the start may take', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 4096 }), (startLimit, cores) => {
      const part = { role: 'dial', index: 0, peers: [COORDINATOR], token: 'secret' } as const
      const link = linkOptions(spec(startLimit), { ...part, nameOf: () => undefined })
      for (const { limits } of [link, controlOptions(spec(startLimit), part)])
        expect(limits).toEqual({ silence: 2000, heartbeat: 500, patience: startLimit, maxFrame: 1 << 20 })
      const { patience, maxPending = 0 } = listenOptions(spec(startLimit), cores)
      expect(patience).toBe(startLimit)
      expect(maxPending).toBeGreaterThanOrEqual(Math.max(64, 2 * cores))
    }),
  )
})
