import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Kernel } from '../../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { birthPush, type NearMiss } from '../../../src/dynamics/models/near-miss.js'
import type { EmittedSpikes } from '../../../src/events/emitted-spikes.js'
import { bruteDying } from '../../support/brute-misses.js'
import { bruteNeurons } from '../../support/brute-neurons.js'
import { bruteThreshold, bruteVoltage } from '../../support/brute-voltage.js'
import { casesOf } from '../../support/cases-of.js'
import { type DrawnKernelCase, kernelCase, optionsOf } from '../../support/kernel-case.js'
import type { KernelFeature } from '../../support/kernel-features.js'
import { runForward } from '../../support/pseudo-spikes.js'

const NEAR: NearMiss = { below: 0.4, fall: 0.1, strength: 0.7, dying: true }

/** What the loss would change by with one more spike there, as a kernel is told. */
const effectOf = (k: number) => ((k * 37) % 11) / 4 - 1.1

/** A pseudo-spike, and what it adds to dL/dV. */
interface Pushed {
  readonly trial: number
  readonly n: number
  readonly time: number
  /** Own spikes before it. */
  readonly count: number
  readonly push: number
}

function pushedBy(sample: DrawnKernelCase, kernel: Kernel, spikes: EmittedSpikes): readonly Pushed[] {
  const { offsets, times, units } = spikes.pseudo!
  return Array.from({ length: sample.trials }, (_, trial) => {
    const neurons = bruteNeurons(sample, kernel, spikes, trial)
    return Array.from(times.subarray(offsets[trial], offsets[trial + 1])).flatMap((time, at): Pushed[] => {
      const k = offsets[trial]! + at
      const neuron = neurons[units[k]!]!
      const count = neuron.spikes.filter((spike) => spike < time).length
      const isSpike = neuron.spikes.includes(time)
      const dying = isSpike ? bruteDying(neuron, sample.until, NEAR.below, NEAR.fall) : []
      const ofSpike = dying.find((each) => each.time === time)?.z
      const z = bruteVoltage(neuron, time, count) - bruteThreshold(neuron, time, count)
      const push = birthPush(NEAR, effectOf(k), isSpike ? (ofSpike ?? Number.NaN) : z)
      return [{ trial, n: units[k]!, time, count, push }]
    })
  }).flat()
}

/** The sum of q (V - theta) at the times of the pseudo-spikes, which are held fixed. */
function pushedSum(sample: DrawnKernelCase, kernel: Kernel, spikes: EmittedSpikes, pushed: readonly Pushed[]): number {
  const neurons = Array.from({ length: sample.trials }, (_, trial) => bruteNeurons(sample, kernel, spikes, trial))
  return pushed.reduce((sum, { trial, n, time, count, push }) => {
    const neuron = neurons[trial]![n]!
    return sum + push * (bruteVoltage(neuron, time, count) - bruteThreshold(neuron, time, count))
  }, 0)
}

function expectQuotients(sample: DrawnKernelCase, kind: KernelKind): number {
  const options = optionsOf(sample, { nearMiss: NEAR })
  const { kernel, spikes } = runForward(sample, kind, options)
  const pushed = pushedBy(sample, kernel, spikes)
  // Next to a limit the sampled z may be on its other side.
  if (pushed.length === 0 || pushed.some(({ push }) => Number.isNaN(push))) return 0
  const spikeCount = spikes.times.length
  kernel.beginBackward(null)
  kernel.backward(
    Float64Array.from({ length: spikeCount + pushed.length }, (_, k) =>
      k < spikeCount ? 0 : effectOf(k - spikeCount),
    ),
  )
  kernel.takeReturned()
  const gradient = kernel.finishGradient().slice()
  if (kernel.grazing > 0) return 0
  const { layout } = kernel
  const { n } = pushed.at(-1)!
  const synapse = Array.from(kernel.synapses.targets).lastIndexOf(n)
  const places = [layout.bias + n, layout.threshold + n, layout.adaptStep + n, layout.weights + Math.max(0, synapse)]
  let compared = 0
  for (const place of places) {
    const at = (h: number) => {
      const { parameters } = kernel
      const before = parameters[place]!
      parameters[place] = before + h
      kernel.parametersChanged()
      const moved = runForward(sample, kind, options, kernel).spikes
      const sum = moved.units.join() === spikes.units.join() ? pushedSum(sample, kernel, moved, pushed) : Number.NaN
      kernel.parameters[place] = before
      kernel.parametersChanged()
      return sum
    }
    const [coarse, fine] = [1e-5, 5e-6].map((h) => (at(h) - at(-h)) / (2 * h)) as [number, number]
    const quotient = (4 * fine - coarse) / 3
    // adaptStep begins at 0 where there is no adaptation.
    if (Number.isNaN(quotient)) continue
    const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), Math.abs(quotient))
    const bound = 1e-6 * scale + Math.abs(fine - coarse)
    expect(Math.abs(gradient[place]! - quotient), `${place}: ${gradient[place]} and ${quotient}`).toBeLessThan(bound)
    compared++
  }
  return compared
}

const FEATURES: readonly KernelFeature[] = ['refractory periods', 'adaptation', 'few absent pairs']

describe.each([
  ['reference', [...FEATURES, 'two currents', 'delays per synapse', 'taus per neuron']],
  ['simd', [...FEATURES, 'scalar delays', 'delays per source', 'tauAdapt per neuron']],
] as const)('on the %s kernel', (kind, may) => {
  test('pushes add up to the gradient of the voltages at their times', () => {
    let compared = 0
    fc.assert(
      fc.property(kernelCase('lif', { must: [], may, isSmall: true }), (sample) => {
        if (sample.from === 0 && sample.until < 200) compared += expectQuotients(sample, kind)
      }),
      { numRuns: casesOf({ short: 15, long: 400 }), seed: 3, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(casesOf({ short: 8, long: 20 }))
  })
})
