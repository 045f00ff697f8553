import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFusedKernel } from '../../src/dynamics/kernels/fused-kernel.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/description/projections.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { anyCutting, slicesOf } from '../support/arbitrary-cutting.js'
import { casesOf } from '../support/cases-of.js'
import { driveComponent } from '../support/drive-component.js'
import { expectSameBits } from '../support/same-bits.js'
import { deltaOfSpike } from '../support/sliced-kernel.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1, refractory: 2 }

test('slicing changes no bit of groups that run event by event, when what they receive is cut', () => {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 40 }).map((k) => k / 2),
    between(0, 20),
  )
  const input = fc.array(fc.array(fc.record({ time, unit: fc.nat(69) }), { minLength: 8, maxLength: 20 }), {
    minLength: 1,
    maxLength: 3,
  })
  const delay = fc.constantFrom(1, perSource(uniform(0, 3)), perSynapse(uniform(0, 3)))
  let spikes = 0
  fc.assert(
    fc.property(input, delay, fc.nat(), slicesOf(70), anyCutting(24), (trials, delayed, seed, slices, cutting) => {
      const groups = { in: source(70), a: lif(33, NEURON), b: lif(2, NEURON) }
      const network = defineNetwork({
        groups,
        projections: [
          connect('in', 'a', dense(normal(1.2, 0.8)), { delay: delayed }),
          connect('a', 'b', dense(normal(0.2, 0.2))),
          connect('in', 'b', dense(uniform(0, 2))),
          connect('b', 'a', dense(uniform(-0.2, 0.1))),
        ],
      })
      const instance = instantiate(network, seed)
      const run = {
        ...{ trials: trials.length, until: 24, outside: { in: trainsOf(trials) } },
        explicit: (_: string, trains: SpikeTrains) => trains.times.map((_time, k) => deltaOfSpike(trains, k)),
      }
      const whole = driveComponent(createFusedKernel(instance, ['a', 'b']), { ...run, horizons: [], cuts: [] })
      const sourceSlices = (group: string) => (group === 'in' ? slices : [{ start: 0, end: group === 'a' ? 33 : 2 }])
      const component = createFusedKernel(instance, ['a', 'b'], sourceSlices)
      expect(component.inputs.length).toBe(2 * slices.length)
      const {
        horizons,
        batches: [cuts = []],
      } = cutting
      expectSameBits(driveComponent(component, { ...run, horizons, cuts, sourceSlices }), whole)
      spikes += whole.spikes.a!.times.length
    }),
    { numRuns: casesOf({ short: 7, long: 15 }), seed: 61, endOnFailure: true },
  )
  expect(spikes).toBeGreaterThan(casesOf({ short: 140, long: 300 }))
})
