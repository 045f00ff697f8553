import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import type { Network } from '../../../../src/network/description/network.js'
import { connect, fixedInDegree, oneToOne, perSynapse } from '../../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { between } from '../../../support/arbitraries.js'
import type { CourseOfMany } from '../../../support/arbitrary-window-network.js'
import { casesOf } from '../../../support/cases-of.js'
import { AT_ONCE, type Cutting, type DrivenKernel, driveKernel } from '../../../support/drive-kernel.js'
import { expectNear, expectNearGradients } from '../../../support/near-gradients.js'
import { poissonReferenceKernel } from '../../../support/poisson-reference-kernel.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, windowGroupOf, windowKernel } from '../../../support/window-case.js'

const [SIZE, INPUTS, UNTIL, TRIALS] = [70, 40, 30, 2]

/** On a grid many spikes arrive at one instant, and some where a bin begins or the run ends. */
const spikes = fc.array(
  fc.record({
    time: fc.oneof(
      fc.integer({ min: 0, max: 2 * UNTIL }).map((k) => k / 2),
      between(0, UNTIL),
    ),
    unit: fc.nat(INPUTS - 1),
  }),
  { minLength: 10, maxLength: 60, size: 'max' },
)

/** Some of the neurons have much shorter ones than a bin. */
const tausPerNeuron = (tau: number) =>
  Array.from({ length: SIZE }, (_, n) => (n % 10 === 4 ? tau / 50 : tau * (0.8 + n / 150)))

const shapes = fc.record({
  course: fc.constantFrom<CourseOfMany>(
    { tauMem: 20, tauSyn: 5 },
    { tauMem: 10, tauSyn: 1 },
    { tauMem: 20, tauSyn: 20 },
    { tauMem: 9, tauSyn: 10 },
    { tauMem: 4, tauSyn: 9 },
    { tauMem: 20, tauSynExc: 3, tauSynInh: 8 },
    { tauMem: 12, tauSynExc: 5, tauSynInh: 1.5 },
    { tauMem: 12, tauSynExc: 4, tauSynInh: 12 },
    { tauMem: 15, tauSynExc: 6, tauSynInh: 6 },
    { tauMem: tausPerNeuron(15), tauSyn: tausPerNeuron(5) },
    { tauMem: uniform(4, 12), tauSyn: 8 },
    { tauMem: tausPerNeuron(20), tauSynExc: uniform(2, 6), tauSynInh: uniform(1, 15) },
    { tauMem: tausPerNeuron(10), tauSynExc: uniform(0.2, 2), tauSynInh: uniform(0.02, 1) },
    { tauMem: tausPerNeuron(10), tauSynExc: uniform(0.02, 1), tauSynInh: uniform(0.2, 4) },
  ),
  bias: fc.constantFrom(0, 0.3, -0.2),
  drive: fc.constantFrom<number | ReturnType<typeof normal>>(0, 0.01, -0.02, normal(0, 0.03)),
  delay: fc.constantFrom(0, 1.5),
  own: fc.constantFrom<number | ReturnType<typeof uniform>>(uniform(0, 3), 2),
  trials: fc.array(fc.tuple(spikes, spikes, spikes), { minLength: TRIALS, maxLength: TRIALS }),
})
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never

function networkOf({ course, bias, drive, delay, own }: Shape): Network {
  const many = { multiple: true }
  return defineNetwork({
    groups: {
      drive: poisson(SIZE, { rate: 4_500, stop: UNTIL - 2 }),
      input: source(INPUTS),
      cells: lif(SIZE, { ...course, bias, threshold: uniform(1, 4) } as LifParameters),
    },
    projections: [
      connect('input', 'cells', fixedInDegree(60, normal(0.05, 0.4), many), { name: 'late', delay: perSynapse(own) }),
      connect('drive', 'cells', oneToOne(drive), delay === 0 ? {} : { name: 'driven', delay: 1 }),
      connect('input', 'cells', fixedInDegree(60, normal(0.05, 0.4), many), {
        name: 'drawn',
        ...(delay === 0 ? {} : { delay }),
      }),
      connect('input', 'cells', fixedInDegree(40, -0.15, many), { name: 'common', delay: 0.5 }),
    ],
  })
}

const CUTTING: Cutting = {
  horizons: [7, 7.3, 15, 22.25],
  batches: [[11, 20], [3], [15]],
  arrival: 'late',
  receipt: 'in turn',
}
const delta = ({ times, units }: { times: Float64Array; units: Uint32Array }, k: number) =>
  Math.sin(7 * units[k]! + times[k]!)

test('maxima, and gradients under a hinge, are those of the reference at instants at which much arrives, too', () => {
  const seen = { silent: 0, edge: 0, onGrid: 0, between: 0 }
  fc.assert(
    fc.property(shapes, (shape) => {
      const network = networkOf(shape)
      const trains = [0, 1, 2].map((p) => trainsOf(shape.trials.map((trial) => trial[p]!)))
      /** Only forward without gradients by the maxima. */
      const run = (kernel: DrivenKernel, peakGradients: Float64Array | null = null, cutting = AT_ONCE) => {
        const gradients = peakGradients !== null
        const more: Partial<KernelOptions> = { gradients, tauGradient: gradients, trackSilent: true, trials: TRIALS }
        return driveKernel(kernel, { trains, options: forwardOptions(UNTIL, more), peakGradients, delta }, cutting)
      }
      const kernel = windowKernel(network, 'cells')
      expect(windowGroupOf(network, 'cells').poissonInputs.size).toBe(1)
      const reference = poissonReferenceKernel(network, 'cells', kernel.inputs)
      const [found, expected] = [run(kernel), run(reference)]
      expectSameBits(found.silent, expected.silent)
      const { values, times } = expected.maxima
      expected.silent.forEach((isSilent, at) => {
        if (!isSilent) return
        const bound = 1e-12 * Math.max(1, Math.abs(values[at]!))
        expect(Math.abs(found.maxima.values[at]! - values[at]!)).toBeLessThanOrEqual(bound)
        seen.silent++
        const time = times[at]!
        if (time === 0 || time === UNTIL) seen.edge++
        else if (Number.isInteger(2 * time)) seen.onGrid++
        else seen.between++
      })
      // Of two equally high maxima either may be the first.
      const gradients = Float64Array.from(expected.silent, (isSilent, at) => {
        return isSilent && Math.abs(found.maxima.times[at]! - times[at]!) < 1e-6 ? -1 - (at % 3) : 0
      })
      const own = run(kernel, gradients)
      expectSameBits([own.spikes, own.silent, own.maxima], [found.spikes, found.silent, found.maxima])
      const alike = run(reference, gradients)
      expectNearGradients(kernel.layout, own, alike, 1e-10)
      own.returned.forEach((values, p) => {
        expectNear(values, alike.returned[p]!, 1e-10, `input ${p}, spike`)
      })
      expectSameBits(run(kernel, gradients, CUTTING), own)
    }),
    { numRuns: casesOf({ short: 10, long: 150 }), seed: 12, endOnFailure: true },
  )
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(casesOf({ short: 6, long: 75 }))
})
