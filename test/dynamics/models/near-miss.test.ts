import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { birthPush, type NearMiss } from '../../../src/dynamics/models/near-miss.js'
import { type BruteMiss, bruteDying, bruteMisses } from '../../support/brute-misses.js'
import { bruteNeurons } from '../../support/brute-neurons.js'
import { casesOf } from '../../support/cases-of.js'
import { kernelCase, optionsOf } from '../../support/kernel-case.js'
import { runForward } from '../../support/pseudo-spikes.js'

const NEAR: NearMiss = { below: 0.4, fall: 0.1, strength: 1, dying: true }

test('the push is the slope of a probability that rises smoothly from 0 to 1', () => {
  const { below } = NEAR
  const probability = (z: number) => {
    if (Math.abs(z) >= below) return z < 0 ? 0 : 1
    return z < 0 ? (1 + z / below) ** 2 / 2 : 1 - (1 - z / below) ** 2 / 2
  }
  for (const z of [-0.5, -0.4, -0.39, -0.2, -0.01, 0, 0.1, 0.3, 0.39, 0.4, 0.7]) {
    const h = 1e-6
    const slope = (probability(z + h) - probability(z - h)) / (2 * h)
    expect(birthPush({ ...NEAR, strength: 3 }, 2, z)).toBeCloseTo(6 * slope, 4)
  }
})

/** What is found must be what lenient limits find, and what strict ones find must be found. */
function expectBetween(found: readonly number[], strict: readonly BruteMiss[], lenient: readonly BruteMiss[]): void {
  const isNear = (time: number) => (other: number) => Math.abs(time - other) < 0.3
  for (const { time, z } of strict) expect(found.some(isNear(time)), `${time} ms, ${z}`).toBe(true)
  const times = lenient.map(({ time }) => time)
  for (const time of found) expect(times.some(isNear(time)), `${time} ms`).toBe(true)
}

const FEATURES = ['refractory periods', 'adaptation', 'few absent pairs', 'tauAdapt per neuron'] as const
const MORE = ['two currents', 'delays per synapse', 'taus per neuron'] as const

describe('near misses and dying spikes are those of densely sampled voltages', () => {
  test.each([
    ['near misses', 'reference', [...FEATURES, ...MORE]],
    ['dying spikes', 'reference', [...FEATURES, ...MORE]],
    ['near misses', 'simd', FEATURES],
    ['dying spikes', 'simd', FEATURES],
  ] as const)('%s on the %s kernel', (which, kind, may) => {
    let seen = 0
    fc.assert(
      fc.property(kernelCase('lif', { must: [], may, isSmall: true }), (sample) => {
        if (sample.from > 0 || sample.until > 200) return
        const nearMiss = { ...NEAR, dying: which === 'dying spikes' }
        const { kernel, spikes } = runForward(sample, kind, optionsOf(sample, { nearMiss }))
        const brute = nearMiss.dying ? bruteDying : bruteMisses
        const pseudo = spikes.pseudo!
        for (let trial = 0; trial < sample.trials; trial++)
          bruteNeurons(sample, kernel, spikes, trial).forEach((neuron, n) => {
            const own = Array.from(pseudo.times).filter((time, k) => {
              const isHere = pseudo.offsets[trial]! <= k && k < pseudo.offsets[trial + 1]! && pseudo.units[k] === n
              return isHere && neuron.spikes.includes(time) === nearMiss.dying
            })
            seen += own.length
            const [strict, lenient] = [-2e-3, 2e-3].map((margin) =>
              brute(neuron, sample.until, NEAR.below + margin, NEAR.fall - margin),
            )
            expectBetween(own, strict!, lenient!)
          })
      }),
      { numRuns: casesOf({ short: 18, long: 400 }), seed: 7, endOnFailure: true },
    )
    expect(seen).toBeGreaterThan(casesOf({ short: 8, long: 20 }))
  })
})
