import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import { casesOf } from '../support/cases-of.js'
import { networkCase, trialAlone, type Wiring } from '../support/network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const LOSSES: readonly Loss[] = [
  { kind: 'spikeCount', group: 'b', tau: 20 },
  { kind: 'vMax', group: 'r' },
]
const SETTINGS = { numRuns: casesOf({ short: 3, long: 20 }), seed: 9, endOnFailure: true }

const WIRINGS: readonly Wiring[] = ['feedForward', 'recurrent', 'immediate']
const KERNELS = ['simd', 'reference'] as const
const CASES = WIRINGS.flatMap((wiring) => KERNELS.map((kernel) => [wiring, kernel] as const))

test.each(CASES)('a trial in a mini-batch is what it is alone: %s, %s', async (wiring, kernel) => {
  let spikes = 0
  await fc.assert(
    fc.asyncProperty(networkCase(wiring), fc.constantFrom(...LOSSES), async ({ network, trials, labels }, loss) => {
      await using session = await open(network, { kernel })
      const together = await session.gradient(trials, loss, labels)
      const sums = new Float64Array(together.gradients.projections['in->a']!.weights.length)
      for (let trial = 0; trial < trials.count; trial++) {
        const inputs = { in: trialAlone(trials.inputs.in!, trial) }
        const alone = await session.gradient({ ...trials, count: 1, inputs }, loss, labels.subarray(trial, trial + 1))
        const part = ({ a, b }: typeof together.recording.spikes) => ({
          a: trialAlone(a!, trial),
          b: trialAlone(b!, trial),
        })
        expectSameBits(alone.recording.spikes, part(together.recording.spikes))
        const maxima = together.recording.maxima.r!
        expectSameBits(alone.recording.maxima.r!.values, maxima.values.slice(2 * trial, 2 * trial + 2))
        expect(alone.losses).toEqual([together.losses[trial]])
        const [from, to] = [trials.inputs.in!.offsets[trial]!, trials.inputs.in!.offsets[trial + 1]!]
        expectSameBits(alone.inputTimes.in, together.inputTimes.in!.slice(from, to))
        alone.gradients.projections['in->a']!.weights.forEach((value, k) => {
          sums[k] = sums[k]! + value
        })
        spikes += alone.recording.spikes.b!.times.length
      }
      // At most 4 trials: one chunk, added one after the other; the SIMD kernel adds synaptic event by synaptic event.
      const { weights } = together.gradients.projections['in->a']!
      if (kernel === 'reference') expectSameBits(weights, sums)
      else
        weights.forEach((value, k) => {
          expect(Math.abs(value - sums[k]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)))
        })
    }),
    SETTINGS,
  )
  expect(spikes).toBeGreaterThan(3 * SETTINGS.numRuns)
})
