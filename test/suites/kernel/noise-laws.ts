import fc from 'fast-check'
import type { SpikeNoise } from '../../../src/dynamics/noise/spike-noise.js'
import { between } from '../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import { checkCases, expectSeen, ifStepwise, inWindows, nonZero, runCase } from './kernel-subject.js'

const chances = fc.record({
  draw: fc.nat(99),
  jitter: between(0.1, 1),
  loss: fc.constantFrom(0, 0.1),
  /** Of each projection, in turn, whether chance knows it. */
  isNoisy: fc.array(fc.constantFrom(true, true, false), { minLength: 3, maxLength: 3 }),
})
type Chances = typeof chances extends fc.Arbitrary<infer T> ? T : never

/** As on a cycle, where arrivals are moved and not the spikes themselves. */
function noiseOf({ draw, isNoisy, ...fate }: Chances, projections: number): SpikeNoise {
  return {
    ...{ draw, firstTrial: 0 },
    projections: Array.from({ length: projections }, (_, p) => {
      const noise = { fates: [{ seed: 1, name: `spikes/${p}`, ...fate }], causal: true }
      return isNoisy[p % isNoisy.length] === true ? noise : null
    }),
  }
}

export const noiseLaws: readonly KernelLaw[] = [
  {
    name: 'no cutting changes a bit where chance loses spikes and has others arrive late or early',
    kind: 'lif',
    needs: ['windows', 'noise'],
    check(subject) {
      const also = fc.record({ way: cuttingWay, chance: chances })
      const tally = checkCases(subject, { kind: 'lif', also, short: 20, long: 80, seed: 31 }, (sample, drawn) => {
        const spikeNoise = noiseOf(drawn.chance, sample.instance.projections.length)
        // What is on a cycle never runs whole.
        const run = { kernel: subject.noisy!(sample), options: { ...inWindows(subject), spikeNoise } }
        const uncut = runCase(subject, sample, run)
        const cutting = cuttingOf(drawn.way, sample, uncut)
        expectSameBits(runCase(subject, sample, { ...run, cutting }), uncut)
        const windows = cutting.horizons.length + 1
        return { spikes: uncut.spikes.times.length, windows, moved: nonZero(uncut.answers) }
      })
      expectSeen(tally, { spikes: 8, windows: 4, ...ifStepwise(subject, { moved: 0.5 }) })
    },
  },
]
