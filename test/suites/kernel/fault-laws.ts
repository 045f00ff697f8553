import { expect } from 'vitest'
import type { LifParameters } from '../../../src/network/models/lif.js'
import { optionsOf } from '../../support/kernel-case.js'
import type { KernelLaw } from './kernel-law.js'
import { can, type KernelSubject } from './kernel-subject.js'
import { plainCase } from './plain-case.js'

/** Unit 34 fires every 1e-5 ms or so. */
const BIAS = 2e6
/** After the last spike that it may have. */
const LAST = 12
const PERIOD = -20 * Math.log1p(-1 / BIAS)

function runawayCase(subject: KernelSubject) {
  const bias = Array.from({ length: 36 }, (_, n) => (n === 34 ? BIAS : 0))
  const neurons: Partial<LifParameters> = { tauMem: 20, tauSyn: 10, threshold: bias.map(() => 1), bias }
  return plainCase(subject, { neurons, weights: [0.1], spikes: [{ time: 0.5, unit: 0 }], until: 100 })
}

export const faultLaws: readonly KernelLaw[] = [
  {
    name: 'names a neuron that never rests',
    kind: 'lif',
    needs: ['many spikes'],
    check(subject) {
      const sample = runawayCase(subject)
      const slice = { start: 32, end: 36 }
      const kernel = subject.sliceOf?.(sample, slice, () => [{ start: 0, end: 1 }]) ?? subject.kernelOf(sample)
      const whole = !can(subject, 'windows')
      kernel.begin(optionsOf(sample, { whole, gradients: false }))
      const run = () => {
        // Counted over windows, and never sooner.
        if (!whole) for (const end of [1, 5, 9, LAST]) kernel.advance(end, end)
        kernel.advance(100, 100)
      }
      let error: unknown
      try {
        run()
      } catch (thrown) {
        error = thrown
      }
      expect(error).toMatchObject({ code: 'RUNAWAY_NEURON', details: { group: 'x', unit: 34, spikes: 1_000_000 } })
      const { time } = (error as { details: { time: number } }).details
      expect(time).toBeGreaterThan(1_000_000 * PERIOD - 1e-6)
      // Some know it when all of a window has gone by.
      expect(time).toBeLessThanOrEqual(LAST)
    },
  },
]
