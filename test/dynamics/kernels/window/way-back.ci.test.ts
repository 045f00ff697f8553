import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import type { Network } from '../../../../src/network/description/network.js'
import {
  connect,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  perSource,
  perSynapse,
} from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { casesOf } from '../../../support/cases-of.js'
import { AT_ONCE, type Cutting, type DrivenKernel, driveKernel } from '../../../support/drive-kernel.js'
import { expectNear, expectNearGradients } from '../../../support/near-gradients.js'
import { poissonReferenceKernel } from '../../../support/poisson-reference-kernel.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, randomTrains, windowKernel } from '../../../support/window-case.js'

const [SIZE, INPUTS, UNTIL, TRIALS] = [70, 50, 60, 3]

const shapes = fc.record({
  refractory: fc.constantFrom(0, 0.3, 2),
  tauSyn: fc.constantFrom(0.5, 5, 20, 21),
  rate: fc.constantFrom(50, 900, 20_000),
  delay: fc.constantFrom(0, 1),
  start: fc.constantFrom(0, 3.3),
  pattern: fc.constantFrom(
    fixedInDegree(160, normal(0.02, 0.05), { multiple: true }),
    fixedOutDegree(225, 0.03, { multiple: true }),
    fixedProbability(1, normal(0.05, 0.05)),
  ),
  inputDelay: fc.constantFrom(
    {},
    { delay: 0.7 },
    { delay: perSource(uniform(0, 3)) },
    { delay: perSynapse(uniform(0, 3)) },
  ),
})

type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never

function networkOf({ refractory, tauSyn, rate, delay, start, pattern, inputDelay }: Shape): Network {
  const weight = (rate > 1000 ? 0.12 : 2) / tauSyn
  return defineNetwork({
    groups: {
      drive: poisson(SIZE, { rate, start, stop: UNTIL - 8 }),
      input: source(INPUTS),
      cells: lif(SIZE, { tauMem: 20, tauSyn, threshold: 1, vReset: -0.2, refractory }),
    },
    projections: [
      connect('drive', 'cells', oneToOne(weight), delay === 0 ? {} : { delay }),
      connect('input', 'cells', pattern, inputDelay),
      connect('input', 'cells', fixedInDegree(150, -0.01, { multiple: true }), { name: 'more' }),
    ],
  })
}

const options = (more: Partial<KernelOptions> = {}) =>
  forwardOptions(UNTIL, { gradients: true, tauGradient: true, trials: TRIALS, ...more })
const delta = ({ times, units }: { times: Float64Array; units: Uint32Array }, k: number) =>
  Math.sin(7 * units[k]! + times[k]!)

test('the gradients of neurons that are driven are those of the reference, and the same in any windows and slices', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(shapes, (shape) => {
      const network = networkOf(shape)
      const trains = [0, 1].map((p) => randomTrains(INPUTS, 0.02, UNTIL, TRIALS, `input${p}`))
      const run = (kernel: DrivenKernel, cutting: Cutting = AT_ONCE, more: Partial<KernelOptions> = {}) =>
        driveKernel(kernel, { trains, options: options(more), peakGradients: null, delta }, cutting)
      const kernel = windowKernel(network, 'cells')
      const found = run(kernel)
      const forward = run(kernel, AT_ONCE, { gradients: false })
      expectSameBits(found.spikes, forward.spikes)
      const reference = run(poissonReferenceKernel(network, 'cells', kernel.inputs))
      expect(found.spikes.times.length).toBe(reference.spikes.times.length)
      for (const part of expectNearGradients(kernel.layout, found, reference, 1e-9)) seen.add(part)
      found.returned.forEach((values, p) => {
        expectNear(values, reference.returned[p]!, 1e-9, `input ${p}, spike`)
      })
      const cutting: Cutting = {
        horizons: [7, 7.3, 31, 44.4],
        batches: [[11, 30], [3]],
        arrival: 'late',
        receipt: 'in turn',
      }
      expectSameBits(run(windowKernel(network, 'cells'), cutting), found)
      expectSameBits(run(kernel, AT_ONCE, { whole: true }), found)
    }),
    { numRuns: casesOf({ short: 6, long: 100 }), seed: 4, endOnFailure: true },
  )
  expect([...seen].toSorted()).toEqual(['adaptStep', 'bias', 'delays', 'taus', 'threshold', 'weights'])
})
