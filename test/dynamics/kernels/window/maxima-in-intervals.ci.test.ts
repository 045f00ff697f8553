import { expect, test } from 'vitest'
import { QUIET_INTERVAL } from '../../../../src/dynamics/kernels/window/bins/stillness.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import { connect, fixedInDegree } from '../../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import type { CourseOfMany } from '../../../support/arbitrary-window-network.js'
import { AT_ONCE, type Cutting, type DrivenKernel, driveKernel } from '../../../support/drive-kernel.js'
import { inTurn } from '../../../support/in-turn.js'
import { expectNear } from '../../../support/near-gradients.js'
import { poissonReferenceKernel } from '../../../support/poisson-reference-kernel.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, windowKernel } from '../../../support/window-case.js'

const [SIZE, INPUTS, UNTIL] = [100, 5, 5000]

const COURSES: Readonly<Record<string, CourseOfMany>> = {
  'a scaled state': { tauMem: 2, tauSyn: 1 },
  'equal time constants': { tauMem: 2, tauSyn: 2 },
  'two currents': { tauMem: 3, tauSynExc: 1, tauSynInh: 2 },
  'inhibition that goes first': { tauMem: 3, tauSynExc: 2, tauSynInh: 1 },
  'time constants per neuron': { tauMem: uniform(1, 4), tauSyn: uniform(0.5, 3) },
  'two currents, per neuron': { tauMem: uniform(1, 4), tauSynExc: uniform(0.5, 3), tauSynInh: uniform(0.5, 3) },
}

/** Windows as short as this leave nothing to pass over. */
const SHORT: Cutting = {
  horizons: Array.from({ length: 1000 }, (_, k) => 5 * (k + 1)).slice(0, -1),
  batches: [],
  arrival: 'early',
}

/** Short runs try each course with one of them, in turn. */
const BIASES = [0, 0.3, -0.2]

test.each(
  Object.entries(COURSES).flatMap(([name, course], k) => {
    return inTurn(BIASES, k).map((bias) => ({ name, course, bias }))
  }),
)('bias $bias, $name: no maximum is lost where nothing happens for long', ({ course, bias }) => {
  const network = defineNetwork({
    groups: { input: source(INPUTS), cells: lif(SIZE, { ...course, bias, threshold: 100 } as LifParameters) },
    projections: [connect('input', 'cells', fixedInDegree(100, normal(0, 0.1), { multiple: true }))],
  })
  const volley = (time: number, step = 1 / 3) =>
    Array.from({ length: INPUTS }, (_, unit) => ({ time: time + unit * step, unit }))
  // The last trial ends while its neurons respond.
  const trials = [[], volley(1), [...volley(1), ...volley(2500, 1 / 5)], volley(UNTIL - 3)]
  const run = (kernel: DrivenKernel, cutting = AT_ONCE) => {
    const gradients = cutting === AT_ONCE
    const options = forwardOptions(UNTIL, { gradients, trackSilent: true, trials: trials.length })
    const peakGradients = new Float64Array(SIZE * trials.length).fill(-1)
    return driveKernel(kernel, { trains: [trainsOf(trials)], options, peakGradients }, cutting)
  }
  const kernel = windowKernel(network, 'cells')
  const found = run(kernel)
  expectSameBits(run(kernel, SHORT).maxima, found.maxima)
  const expected = run(poissonReferenceKernel(network, 'cells', kernel.inputs))
  expected.maxima.values.forEach((value, at) => {
    expect(Math.abs(found.maxima.values[at]! - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)))
  })
  expect(expectNear(found.gradient, expected.gradient, 1e-9)).toBeGreaterThan(0)
})

test.each(Object.entries(COURSES))(
  '%s: no maximum is lost that comes as somebody looks whether all is over',
  (_, course) => {
    const network = defineNetwork({
      groups: { input: source(INPUTS), cells: lif(SIZE, { ...course, threshold: 100 } as LifParameters) },
      projections: [connect('input', 'cells', fixedInDegree(100, normal(0.05, 0.1), { multiple: true }))],
    })
    // Behind a whole interval of bins of any length that there is here.
    const starts = [0.125, 0.25, 0.5, 1].flatMap((bin) => [0.3, 0.7, 1.1].map((early) => QUIET_INTERVAL * bin - early))
    const trains = trainsOf(
      starts.map((time) => Array.from({ length: INPUTS }, (__, unit) => ({ time: time + unit / 20, unit }))),
    )
    const options = forwardOptions(Infinity, { gradients: true, trackSilent: true, trials: starts.length, whole: true })
    const run = (kernel: DrivenKernel) =>
      driveKernel(kernel, { trains: [trains], options, peakGradients: null }, AT_ONCE)
    const kernel = windowKernel(network, 'cells')
    const [found, expected] = [run(kernel), run(poissonReferenceKernel(network, 'cells', kernel.inputs))]
    expected.maxima.values.forEach((value, at) => {
      expect(Math.abs(found.maxima.values[at]! - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, value))
    })
  },
)
