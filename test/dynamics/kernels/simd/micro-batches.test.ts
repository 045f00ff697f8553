import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { MICRO_BATCH_UNIT } from '../../../../src/dynamics/parameters/trial-sum.js'
import { type MemoryTraffic, totalTraffic } from '../../../../src/dynamics/traffic/memory-traffic.js'
import { InternalError } from '../../../../src/events/errors.js'
import { joinTrains } from '../../../../src/events/join-trains.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { microBatches, spikesOfTrials } from '../../../../src/events/trial-range.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { type Arriving, SIMD, without } from '../../../support/case-ranges.js'
import { casesOf } from '../../../support/cases-of.js'
import {
  AT_ONCE,
  deltaOf,
  driveKernel,
  gradientOf,
  type KernelResult,
  observed,
} from '../../../support/drive-kernel.js'
import { type KernelCase, kernelCase, kernelOf, optionsOf } from '../../../support/kernel-case.js'
import { repeatTrains } from '../../../support/repeat-trains.js'
import { expectSameBits } from '../../../support/same-bits.js'

/** There are many trials of each. */
const rangeOf = (kind: 'lif' | 'li', arriving: Arriving) => {
  const range = { ...SIMD[arriving][kind], isSmall: true }
  return arriving === 'own' ? range : without('many absent pairs', range)
}

const SETTINGS = { numRuns: casesOf({ short: 5, long: 80 }), seed: 15, unbiased: true, endOnFailure: true }

/** The same case with so many trials: its own, over and over. */
function repeated(sample: KernelCase, trials: number): KernelCase {
  return { ...sample, trials, trains: sample.trains.map((trains) => repeatTrains(trains, trials)) }
}

interface Passed extends KernelResult {
  readonly traffic: MemoryTraffic
}

interface Inputs {
  readonly sample: KernelCase
  readonly options: KernelOptions
  readonly peakGradients: Float64Array | null
}

function whole({ sample, options, peakGradients }: Inputs): Passed {
  const kernel = kernelOf(sample, 'simd')
  const input = { trains: sample.trains, options, peakGradients }
  return { ...driveKernel(kernel, input, AT_ONCE), traffic: kernel.memoryTraffic() }
}

/** @param undoesNow whether, after a micro-batch has run, the first one that can be undone is */
function inMicroBatches(inputs: Inputs, size: number, undoesNow: readonly boolean[]): Passed {
  const { sample, options, peakGradients } = inputs
  const kernel = kernelOf(sample, 'simd')
  const ranges = microBatches(sample.trials, size)
  const window = { start: 0, end: options.until }
  const batches = ranges.map((range) => sample.trains.map((trains) => spikesOfTrials(trains, range)))
  const spikes: SpikeTrains[] = []
  const returned = ranges.map((): Float64Array[] => [])
  const maxima: { values: Float64Array; times: Float64Array }[] = []
  let undone = 0
  const undo = () => {
    const number = undone++
    const { start, end } = ranges[number]!
    const rows = kernel.values.size
    kernel.beginBackward(peakGradients?.slice(start * rows, end * rows) ?? null)
    // Numbered as among the spikes of all trials.
    const before = spikes.slice(0, number).reduce((sum, { times }) => sum + times.length, 0)
    kernel.backward(Float64Array.from(spikes[number]!.times, (_, k) => deltaOf(before + k)))
    for (const { input, values, batch } of kernel.takeReturned()) {
      expect(batch.sequence).toBe(number)
      returned[number]![input] = values.slice()
    }
  }
  kernel.begin({ ...options, microBatch: size })
  ranges.forEach((_, number) => {
    batches[number]!.forEach((trains, input) => {
      kernel.receive(input, { stream: 'input', sequence: number, window, ...trains })
    })
    spikes.push(kernel.advance(options.until, options.until))
    maxima.push(kernel.maxima(number))
    if (options.gradients && undoesNow[number] === true) undo()
  })
  while (options.gradients && undone < ranges.length) undo()
  const nodes = kernel.layout.returnedNodes.length
  const joined = sample.trains.map((trains, input) => {
    const all = new Float64Array(options.gradients ? nodes * trains.times.length : 0)
    let at = 0
    returned.forEach((ofInputs) => {
      const values = ofInputs[input] ?? new Float64Array(0)
      const count = values.length / nodes
      for (let j = 0; j < nodes; j++) all.set(values.subarray(j * count, (j + 1) * count), j * trains.times.length + at)
      at += count
    })
    return all
  })
  expectSameBits(kernel.maxima().values, Float64Array.from(maxima.flatMap(({ values }) => [...values])))
  const told = spikes.reduce((sum, { times }) => sum + times.length, 0)
  const gradients = options.gradients
    ? gradientOf(kernel)
    : { gradient: new Float64Array(0), taus: new Float64Array(0) }
  return {
    ...{ spikes: joinTrains(spikes).trains, ...observed(kernel, options) },
    deltas: Float64Array.from({ length: options.gradients ? told : 0 }, (_, k) => deltaOf(k)),
    returned: options.gradients ? joined : [],
    ...gradients,
    grazing: options.gradients ? kernel.grazing : 0,
    traffic: kernel.memoryTraffic(),
  }
}

const shapes = fc.record({
  trials: fc.integer({ min: 1, max: 45 }),
  size: fc.constantFrom(8, 16, 24),
  undoesNow: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  tauGradient: fc.constantFrom(true, false, false),
  stopAfterFirst: fc.boolean(),
})

describe.each<['lif' | 'li', Arriving]>([
  ['lif', 'shared'],
  ['lif', 'own'],
  ['li', 'shared'],
  ['li', 'own'],
])('%s neurons with %s arrivals', (kind, arriving) => {
  test('micro-batches change no bit, whenever they are undone', () => {
    let parts = 0
    let counted = 0
    fc.assert(
      fc.property(
        kernelCase(kind, rangeOf(kind, arriving)),
        shapes,
        (given, { trials, size, undoesNow, tauGradient, stopAfterFirst }) => {
          const sample = repeated(given, trials)
          const options = optionsOf(sample, { tauGradient, stopAfterFirst, trackSilent: kind === 'lif' })
          const { size: neurons } = kernelOf(sample, 'simd').values
          const { silent } = whole({ sample, options: { ...options, gradients: false }, peakGradients: null })
          // Of neurons that fire, the maximum is nobody's concern.
          const peakGradients = Float64Array.from({ length: trials * neurons }, (_, k) =>
            kind === 'li' || silent[k] === true ? deltaOf(k + 3) : 0,
          )
          const inputs = { sample, options, peakGradients }
          const found = inMicroBatches(inputs, size, undoesNow)
          expectSameBits(found, whole(inputs))
          counted += totalTraffic(found.traffic)
          parts += microBatches(trials, size).length - 1
        },
      ),
      SETTINGS,
    )
    expect(parts).toBeGreaterThan(SETTINGS.numRuns / 2)
    expect(counted).toBeGreaterThan(0)
  })
})

test('integrals of readouts and rate bands go by micro-batches, too', () => {
  fc.assert(
    fc.property(
      kernelCase('li', rangeOf('li', 'shared')),
      kernelCase('lif', rangeOf('lif', 'shared')),
      shapes,
      (li, lif, { trials, size, undoesNow }) => {
        const readout = repeated(li, trials)
        const integral = { options: optionsOf(readout, { integral: { tau: 30 } }), sample: readout }
        const peakGradients = Float64Array.from({ length: trials * kernelOf(readout, 'simd').values.size }, (_, k) =>
          deltaOf(k),
        )
        expectSameBits(
          inMicroBatches({ ...integral, peakGradients }, size, undoesNow),
          whole({ ...integral, peakGradients }),
        )
        const sample = repeated(lif, trials)
        const options = optionsOf(sample, { rateBand: { low: 1, high: 2, strength: 0.3 } })
        const banded = { sample, options, peakGradients: null }
        expectSameBits(inMicroBatches(banded, size, undoesNow), whole(banded))
      },
    ),
    { ...SETTINGS, numRuns: casesOf({ short: 3, long: 30 }) },
  )
})

describe('crossings that graze', () => {
  /** A spike of unit 0 lifts the voltage just to the threshold, one of unit 1 far over it. */
  const network = defineNetwork({
    groups: { in: source(2), x: lif(1, { tauMem: 20, tauSyn: 10, threshold: 1 }) },
    projections: [connect('in', 'x', dense([[4, 8]]))],
  })
  const trials = 20
  const grazing = [2, 9, 10]
  const sample: KernelCase = {
    instance: instantiate(network, 0),
    trains: [trainsOf(Array.from({ length: trials }, (_, k) => [{ time: 0, unit: grazing.includes(k) ? 0 : 1 }]))],
    ...{ trials, from: 0, until: 100 },
  }

  test('are counted in all micro-batches', () => {
    const options = optionsOf(sample, { stopAfterFirst: true })
    const inputs: Inputs = { sample, options, peakGradients: null }
    const found = inMicroBatches(inputs, 8, [true])
    expect(found.grazing).toBe(3)
    expectSameBits(found, whole(inputs))
  })

  test('are refused in any micro-batch, if their gradient is none', () => {
    const kernel = kernelOf(sample, 'simd')
    kernel.begin({ ...optionsOf(sample, { stopAfterFirst: true, undefinedSlope: 'refuse' }), microBatch: 8 })
    const undo = (delta: number) => {
      kernel.beginBackward(null)
      kernel.backward(new Float64Array(8).fill(delta))
    }
    for (const [sequence, range] of microBatches(trials, 8).entries()) {
      const trains = spikesOfTrials(sample.trains[0]!, range)
      kernel.receive(0, { stream: 'in', sequence, window: { start: 0, end: 100 }, ...trains })
      kernel.advance(100, 100)
    }
    undo(1)
    expect(() => undo(1e308)).toThrow(expect.objectContaining({ code: 'GRADIENT_OVERFLOW' }))
  })
})

test('a micro-batch is a multiple of 8 trials', () => {
  fc.assert(
    fc.property(kernelCase('lif', rangeOf('lif', 'shared')), fc.integer({ min: -4, max: 30 }), (sample, microBatch) => {
      const kernel = kernelOf(sample, 'simd')
      const begin = () => kernel.begin({ ...optionsOf(sample), microBatch })
      if (microBatch > 0 && microBatch % MICRO_BATCH_UNIT === 0) begin()
      else expect(begin).toThrow(InternalError)
    }),
    { ...SETTINGS, numRuns: 10 },
  )
})
