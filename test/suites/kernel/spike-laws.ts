import fc from 'fast-check'
import { expect } from 'vitest'
import { cuttingOf, cuttingWay } from '../../support/arbitrary-cutting.js'
import { withCollisions } from '../../support/collisions.js'
import { byNeuron } from '../../support/kernel-twins.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { KernelLaw } from './kernel-law.js'
import { anyPeaks, checkCases, expectSeen, ifBackward, kernelFor, nonZero, runCase } from './kernel-subject.js'

/** No batching or order of receipt changes a bit of whole trials. */
function batchingLaw(kind: 'lif' | 'li'): KernelLaw {
  return {
    name: 'no batching and no order of receipt changes a bit',
    kind,
    needs: [],
    check(subject) {
      const also = fc.record({ way: cuttingWay, crowded: fc.boolean() })
      const tally = checkCases(subject, { kind, also, short: 6, long: 21, seed: 17 }, (plain, { way, crowded }) => {
        const before = runCase(subject, plain, { options: { gradients: false } })
        const sample = crowded ? withCollisions(plain, before.spikes) : plain
        const run = kind === 'li' ? { peakGradients: anyPeaks(sample) } : {}
        const whole = runCase(subject, sample, run)
        const cutting = { ...cuttingOf(way, sample, whole), horizons: [] }
        expectSameBits(runCase(subject, sample, { ...run, cutting }), whole)
        return { spikes: whole.spikes.times.length, moved: nonZero(whole.returned) }
      })
      expectSeen(tally, { ...(kind === 'lif' ? { spikes: 10 } : {}), ...ifBackward(subject, { moved: 0.5 }) })
    },
  }
}

export const spikeLaws: readonly KernelLaw[] = [
  batchingLaw('lif'),
  batchingLaw('li'),
  {
    name: 'neurons that stop after their first spike have fired as the others first did',
    kind: 'lif',
    needs: [],
    check(subject) {
      const tally = checkCases(
        subject,
        { kind: 'lif', also: fc.constant(null), short: 5, long: 14, seed: 18 },
        (sample) => {
          const options = { gradients: false }
          const all = runCase(subject, sample, { options })
          const first = runCase(subject, sample, { options: { ...options, stopAfterFirst: true } })
          const { size } = sample.instance.groups.find(({ name }) => name === 'x')!
          const expected = byNeuron(all.spikes, size).map((times) => times.slice(0, 1))
          expect(byNeuron(first.spikes, size)).toEqual(expected)
          expectSameBits(first.silent, all.silent)
          return { stopped: all.spikes.times.length - first.spikes.times.length }
        },
      )
      expectSeen(tally, { stopped: 3 })
    },
  },
  {
    name: 'who is silent has no spike, and spikes are in event order',
    kind: 'lif',
    needs: [],
    check(subject) {
      const tally = checkCases(
        subject,
        { kind: 'lif', also: fc.constant(null), short: 5, long: 14, seed: 19 },
        (sample) => {
          const { spikes, silent } = runCase(subject, sample, { options: { gradients: false } })
          const { size } = sample.instance.groups.find(({ name }) => name === 'x')!
          const trains = byNeuron(spikes, size)
          expect(silent).toEqual(trains.map((times) => times.length === 0))
          const { offsets, times, units } = spikes
          for (let trial = 0; trial < sample.trials; trial++)
            for (let k = offsets[trial]! + 1; k < offsets[trial + 1]!; k++)
              if (!(times[k - 1]! < times[k]! || (times[k - 1] === times[k] && units[k - 1]! < units[k]!)))
                expect.fail(`spike ${k} of trial ${trial} is out of order`)
          return { silent: silent.filter(Boolean).length, spikes: times.length }
        },
      )
      expectSeen(tally, { silent: 1, spikes: 5 })
    },
  },
  {
    name: 'what nobody wants to know changes no other bit',
    kind: 'lif',
    needs: ['gradients'],
    check(subject) {
      const tally = checkCases(
        subject,
        { kind: 'lif', also: fc.boolean(), short: 5, long: 14, seed: 20 },
        (sample, inputTimes) => {
          const all = runCase(subject, sample)
          const some = runCase(subject, sample, { options: { biasGradient: false, inputTimes } })
          const { bias, threshold } = kernelFor(subject, sample).layout
          const others = ({ gradient }: typeof all) => [gradient.slice(0, bias), gradient.slice(threshold)]
          expectSameBits(others(some), others(all))
          expectSameBits(some.spikes, all.spikes)
          if (inputTimes) expectSameBits(some.returned, all.returned)
          return { moved: nonZero(all.returned) }
        },
      )
      expectSeen(tally, { moved: 0.5 })
    },
  },
]
