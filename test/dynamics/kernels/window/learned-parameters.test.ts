import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WindowKernel } from '../../../../src/dynamics/kernels/window/window-kernel.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import type { Network } from '../../../../src/network/description/network.js'
import {
  connect,
  fixedInDegree,
  oneToOne,
  perSource,
  perSynapse,
} from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { INPUTS, SIZE } from '../../../support/arbitrary-window-network.js'
import { casesOf } from '../../../support/cases-of.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { type SegmentedRun, segmentedRun } from '../../../support/segmented-run.js'
import {
  batchOf,
  forwardOptions,
  poissonReference,
  randomTrains,
  trainsByNeuron,
  windowKernel,
} from '../../../support/window-case.js'

const UNTIL = 30

/** Numbers that may be learned, by the shape that the description gives them. */
const numbers = fc.record({
  taus: fc.constantFrom([20, 0.5], [20, 5], [8, 1], [4, 9], [20, 20], [20, 19]),
  bias: fc.constantFrom(0, -0.3, 0.9),
  threshold: fc.constantFrom(0.8, 1, 1.3),
  common: fc.constantFrom<number>(0.6, -0.4, 0),
  drawn: fc.constantFrom(normal(0.3, 0.5), uniform(-1, 0), uniform(0, 1)),
  scalar: fc.constantFrom(0, 1.5, 0.3),
  ofSources: fc.constantFrom(uniform(0.2, 4), uniform(0, 0.1)),
  own: fc.constantFrom<number | ReturnType<typeof uniform>>(uniform(0, 3), uniform(0, 0.3), 2, 0.7),
  drive: fc.record({ weight: fc.constantFrom(0, 0.03, 0.1), delay: fc.constantFrom(0, 2, 4) }),
})
type Numbers = typeof numbers extends fc.Arbitrary<infer T> ? T : never

const PLAIN: Numbers = {
  ...{
    taus: [20, 5],
    bias: 0,
    threshold: 1,
    common: 0.1,
    drawn: uniform(0, 0.2),
    scalar: 1.5,
    ofSources: uniform(0.2, 4),
  },
  ...{ own: uniform(0, 3), drive: { weight: 0.1, delay: 2 } },
}

/**
 * Poisson inputs between bins, or that inhibit; thresholds that adapt; bins too short or too long for the counting
 * intervals of a Poisson input.
 */
const unusual = fc.record({
  driveDelay: fc.constantFrom(2, 2, 0.3, 1.7),
  driveWeight: fc.constantFrom(0.1, -0.05, -0.2),
  adaptStep: fc.constantFrom(0, 0.3, 1),
  tauMem: fc.constantFrom(20, 0.2, 9, 5.5),
})

/** A projection of every kind, and a Poisson input. */
function networkWith({ taus, bias, threshold, common, drawn, scalar, ofSources, own, drive }: Numbers): Network {
  const [tauMem, tauSyn] = taus as [number, number]
  const scale = 3 / Math.sqrt(tauSyn)
  const many = { multiple: true }
  return defineNetwork({
    groups: {
      drive: poisson(SIZE, { rate: 20_000 }),
      input: source(INPUTS),
      cells: lif(SIZE, { tauMem, tauSyn, bias, threshold, refractory: 0.3 }),
    },
    projections: [
      connect('input', 'cells', fixedInDegree(50, common * scale, many), { name: 'common', delay: scalar }),
      connect('input', 'cells', fixedInDegree(50, drawn, many), { name: 'drawn', delay: perSource(ofSources) }),
      connect('drive', 'cells', oneToOne(drive.weight), { name: 'driven', delay: drive.delay }),
      connect('input', 'cells', fixedInDegree(50, drawn, many), { name: 'late', delay: perSynapse(own) }),
    ],
  })
}

/** Gives a kernel the parameters of another one. */
function learn(kernel: WindowKernel, from: WindowKernel): WindowKernel {
  kernel.parameters.set(from.parameters)
  kernel.parametersChanged()
  return kernel
}

const run = (kernel: WindowKernel, how: Partial<SegmentedRun> = {}) => {
  return segmentedRun(kernel, { train: randomTrains(INPUTS, 0.05, UNTIL, 1, 'learned'), until: UNTIL, ...how })
}

describe('a window kernel whose parameters were changed', () => {
  it('has the bits of one that was described with them', () => {
    const seen = { spikes: 0, changed: 0 }
    const stop = fc.double({ min: 1, max: UNTIL - 1, noNaN: true })
    fc.assert(
      fc.property(numbers, numbers, stop, (before, after, at) => {
        const described = networkWith(after)
        const expected = run(windowKernel(described, 'cells'))
        const kernel = windowKernel(networkWith(before), 'cells')
        const first = run(kernel)
        expectSameBits(run(learn(kernel, windowKernel(described, 'cells')), { stops: [at] }), expected)
        // Where delays come to be equal, the synapses are in the order of the description again.
        const flat = windowKernel(networkWith({ ...after, own: 2 }), 'cells')
        const expectedFlat = run(flat)
        expectSameBits(run(learn(kernel, flat)), expectedFlat)
        // And back.
        expectSameBits(run(learn(kernel, windowKernel(networkWith(before), 'cells'))), first)
        seen.spikes += expected.spikes.times.length
        if (first.spikes.times.length !== expected.spikes.times.length) seen.changed++
      }),
      { numRuns: casesOf({ short: 9, long: 170 }), seed: 34 },
    )
    expect(seen.spikes).toBeGreaterThan(casesOf({ short: 3000, long: 60_000 }))
    expect(seen.changed).toBeGreaterThan(casesOf({ short: 4, long: 90 }))
  })

  it('follows what no description of a group on it could say, as the reference kernel does', () => {
    const network = networkWith(PLAIN)
    const seen = { spikes: 0, drawn: 0 }
    fc.assert(
      fc.property(unusual, fc.double({ min: 1, max: UNTIL - 1, noNaN: true }), (change, stop) => {
        const kernel = windowKernel(network, 'cells')
        const reference = poissonReference(network, 'cells')
        for (const { layout, parameters, synapses } of [kernel, reference.kernel]) {
          const ofKey = (key: string) => synapses.afferents.find((afferent) => afferent.key === key)!
          const driven = ofKey('driven')
          parameters[layout.delays + driven.delayBase] = change.driveDelay
          for (let n = 0; n < SIZE; n++) {
            parameters[layout.weights + driven.base + n] = n % 3 === 0 ? change.driveWeight : 0.1
            parameters[layout.adaptStep + n] = n % 2 === 0 ? change.adaptStep : 0
            parameters[layout.threshold + n] = 1 + 0.01 * (n % 5)
          }
          parameters[layout.taus.find(({ field }) => field === 'tauMem')!.at] = change.tauMem
        }
        kernel.parametersChanged()
        reference.kernel.parametersChanged()
        const train = randomTrains(INPUTS, 0.05, UNTIL, 1, 'learned')
        const found = run(kernel)
        expectSameBits(run(kernel, { stops: [stop], batches: [stop / 2], backwards: true }), found)
        reference.begin(forwardOptions(UNTIL))
        for (let input = 0; input < 3; input++) reference.receive(input, batchOf(train, UNTIL))
        const expected = trainsByNeuron([reference.advance(UNTIL, UNTIL)], SIZE)
        trainsByNeuron([found.spikes], SIZE).forEach((times, n) => {
          expect(times.length, `neuron ${n}`).toBe(expected[n]!.length)
          times.forEach((time, k) => {
            expect(Math.abs(time - expected[n]![k]!)).toBeLessThan(1e-8)
          })
        })
        seen.spikes += found.spikes.times.length
        if (change.driveDelay === 2 && change.driveWeight !== 0.1 && change.tauMem >= 9) seen.drawn++
      }),
      { numRuns: casesOf({ short: 8, long: 120 }), seed: 36 },
    )
    expect(seen.spikes).toBeGreaterThan(casesOf({ short: 1000, long: 20_000 }))
    expect(seen.drawn).toBeGreaterThan(casesOf({ short: 0, long: 10 }))
  })
})
