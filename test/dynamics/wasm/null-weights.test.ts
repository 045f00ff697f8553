import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { casesOf } from '../../support/cases-of.js'
import { driveKernel, type KernelResult } from '../../support/drive-kernel.js'
import { type KernelCase, kernelOf, optionsOf } from '../../support/kernel-case.js'
import { expectSameBits } from '../../support/same-bits.js'
import { type Arriving, simdCase } from '../../support/simd-case.js'

const SETTINGS = { numRuns: casesOf({ short: 15, long: 80 }), seed: 79, endOnFailure: true }

/** Places in the parameters, and in the gradient, where there is no synapse. */
function absentPlaces(sample: KernelCase): readonly number[] {
  const { layout, synapses } = kernelOf(sample, 'simd')
  return synapses.afferents.flatMap(({ base, delayBase, delayShape }, p) => {
    const pairs = [...(synapses.absent[p]?.keys() ?? [])].filter((pair) => synapses.absent[p]![pair] === 1)
    const delays = delayShape === 'perSynapse' ? pairs.map((pair) => layout.delays + delayBase + pair) : []
    return [...pairs.map((pair) => layout.weights + base + pair), ...delays]
  })
}

/** @param strayed what stands in the parameters where there is no synapse */
function run(sample: KernelCase, strayed: number, windows: readonly number[]): KernelResult {
  const kernel = kernelOf(sample, 'simd')
  for (const [k, place] of absentPlaces(sample).entries()) kernel.parameters[place] = strayed * (1 + (k % 3))
  kernel.parametersChanged()
  const { size, kind } = kernel.values
  const input = {
    trains: sample.trains,
    options: optionsOf(sample, { tauGradient: true, whole: windows.length === 0 }),
    peakGradients: kind === 'li' ? Float64Array.from({ length: sample.trials * size }, (_, at) => Math.sin(at)) : null,
    delta: (spikes: SpikeTrains, k: number) => Math.sin(7 * spikes.units[k]! + spikes.times[k]!),
  }
  return driveKernel(kernel, input, { horizons: windows, batches: [], arrival: 'early' })
}

describe.each<['lif' | 'li', Arriving]>([
  ['lif', 'shared'],
  ['lif', 'own'],
  ['li', 'shared'],
  ['li', 'own'],
])('of %s neurons with %s arrivals, where there is no synapse', (kind, arriving) => {
  test('nothing depends on what stands in the parameters, and every gradient is +0', () => {
    let [absent, others] = [0, 0]
    fc.assert(
      fc.property(simdCase(kind, arriving), fc.constantFrom(0.7, 40, 1e4), (sample, strayed) => {
        const places = absentPlaces(sample)
        const isWindowed = arriving === 'shared' && kind === 'lif'
        const cuts = [sample.from + 8, sample.from + 12.5]
        for (const windows of isWindowed ? [[], cuts] : [[]]) {
          const plain = run(sample, 0, windows)
          expectSameBits(run(sample, strayed, windows), plain)
          expect(places.filter((place) => !Object.is(plain.gradient[place], 0))).toEqual([])
          others += plain.gradient.filter((value) => value !== 0).length
        }
        absent += places.length
      }),
      SETTINGS,
    )
    expect(absent).toBeGreaterThan(10 * SETTINGS.numRuns)
    expect(others).toBeGreaterThan(10 * SETTINGS.numRuns)
  })
})
