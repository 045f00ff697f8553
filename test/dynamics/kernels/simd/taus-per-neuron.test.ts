import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { between } from '../../../support/arbitraries.js'
import { cuttingOf, cuttingWay } from '../../../support/arbitrary-cutting.js'
import type { Arriving } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import { driveKernel } from '../../../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { byNeuron, runTwins } from '../../../support/kernel-twins.js'
import { firingWeight, type NearCrossing, nearCrossing } from '../../../support/near-crossing.js'
import { expectSameBits } from '../../../support/same-bits.js'

/** Next to nothing above and below the weight from which on a neuron fires. */
const DISTANCES = [1e-9, -1e-9, 1e-11, -1e-11, 1e-12, -1e-12]
/** Neurons, each with time constants of its own, that are lanes of one lane group. */
const LANES = 8

/** Neurons that meet the same two arrivals, whatever each is like. */
function laneGroupOf(arriving: Arriving): fc.Arbitrary<readonly NearCrossing[]> {
  return fc
    .record({
      neurons: fc.array(nearCrossing(arriving), { minLength: LANES, maxLength: LANES }),
      time: between(0, 5),
      second: between(5, 30),
    })
    .map(({ neurons, time, second }) => neurons.map((near) => ({ ...near, first: { ...near.first, time }, second })))
}

/** A lane group for each distance; every lane of it is another one of the neurons. */
function sampleOf(nears: readonly NearCrossing[], weights: readonly number[]): KernelCase {
  const copies = DISTANCES.flatMap((distance) =>
    nears.map(({ neuron, first }, k) => ({ neuron, row: [first.weight, weights[k]! * (1 + distance)] })),
  )
  const { first, second, arriving } = nears[0]!
  const names = Object.keys(nears[0]!.neuron) as (keyof LifParameters)[]
  const columns = Object.fromEntries(names.map((name) => [name, copies.map(({ neuron }) => neuron[name])]))
  const rows = copies.map(({ row }) => row)
  const delay = arriving === 'own' ? { delay: perSynapse(rows.map(() => [0, 0])) } : {}
  const network = defineNetwork({
    groups: { in: source(2), x: lif(copies.length, columns as unknown as LifParameters) },
    projections: [connect('in', 'x', dense(rows), delay)],
  })
  const spikes = [
    { time: first.time, unit: 0 },
    { time: second, unit: 1 },
  ]
  return { instance: instantiate(network, 0), trains: [trainsOf([spikes])], trials: 1, from: 0, until: second + 400 }
}

describe.each<Arriving>(['shared', 'own'])(
  'with %s arrivals lanes of the SIMD kernel with their own time constants',
  (arriving) => {
    test('each find a peak that rises over its threshold by next to nothing, and none that stays below', () => {
      const seen = { fired: 0, stayed: 0, mixed: 0 }
      fc.assert(
        fc.property(laneGroupOf(arriving), cuttingWay, (nears, way) => {
          const weights = nears.map((near) => firingWeight(near) ?? 0)
          const sample = sampleOf(nears, weights)
          const twins = runTwins(sample, { options: { gradients: false } })
          const expected = byNeuron(twins.reference.spikes, LANES * DISTANCES.length)
          const found = byNeuron(twins.found.spikes, LANES * DISTANCES.length)
          found.forEach((times, n) => {
            const { neuron, first } = nears[n % LANES]!
            const distance = Math.abs(DISTANCES[Math.floor(n / LANES)]!)
            const size =
              Math.abs(neuron.threshold as number) + Math.abs(Number(neuron.bias ?? 0)) + Math.abs(first.weight)
            // What the last bits of the weight add to a peak is small where it adds little to V.
            if (distance * weights[n % LANES]! * 0.1 < 1e-14 * size) return
            expect(times.length, `neuron ${n}`).toBe(expected[n]!.length)
            if (times.some((time) => time > nears[0]!.second)) seen.fired++
            else seen.stayed++
          })
          const isNear = ({ neuron }: NearCrossing) =>
            Math.abs(Number(neuron.tauMem) - Number(neuron.tauSyn)) < 1e-3 * Number(neuron.tauMem)
          const isFar = ({ neuron }: NearCrossing) => Number(neuron.tauMem) >= 2 * Number(neuron.tauSyn)
          if (nears.some(isNear) && nears.some(isFar)) seen.mixed++
          const cutting = cuttingOf(way, sample, twins.found)
          const options = optionsOf(sample, { gradients: false, whole: false })
          const input = { trains: sample.trains, options, peakGradients: null }
          expectSameBits(driveKernel(kernelOf(sample, 'simd'), input, cutting).spikes, twins.found.spikes)
        }),
        { numRuns: casesOf({ short: 8, long: 60 }), seed: 5, endOnFailure: true },
      )
      const least = casesOf({ short: 8, long: 60 })
      expect(seen.fired).toBeGreaterThan(5 * least)
      expect(seen.stayed).toBeGreaterThan(5 * least)
      expect(seen.mixed).toBeGreaterThan(least / 2)
    })
  },
)
