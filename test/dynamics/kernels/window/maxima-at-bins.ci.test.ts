import { expect, test } from 'vitest'
import type { KernelOptions } from '../../../../src/dynamics/kernels/kernel-options.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import type { Network } from '../../../../src/network/description/network.js'
import { connect, fixedInDegree, synapses } from '../../../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import type { CourseOfMany } from '../../../support/arbitrary-window-network.js'
import { kappaOf } from '../../../support/attainable-times.js'
import { AT_ONCE, type DrivenKernel, driveKernel, type KernelInput } from '../../../support/drive-kernel.js'
import { forwardOptions, windowKernel } from '../../../support/window-case.js'

const [SIZE, UNTIL] = [128, 80]

interface Pulse {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
  /** Weight of what inhibits, where excitation has a weight of 1. */
  readonly inhibition: number
}

/** Every kind of course there is, and the pulse that all neurons, or those of even numbers, respond to. */
const COURSES: Readonly<Record<string, readonly [CourseOfMany, Pulse]>> = {
  'a scaled state': of(20, 5),
  'a scaled state, the membrane quicker': of(4, 9),
  'equal time constants': of(12, 12),
  'nearly equal time constants': of(20, 19),
  'inhibition that lasts': ofTwo(20, 5, 8),
  'inhibition that goes first': ofTwo(12, 5, 1.5),
  'time constants per neuron': [
    { tauMem: everyOther(20, 13), tauSyn: everyOther(5, 7) },
    { tauMem: 20, tauSynExc: 5, tauSynInh: 5, inhibition: -0.3 },
  ],
  'two currents, per neuron': [
    { tauMem: everyOther(20, 13), tauSynExc: 4, tauSynInh: everyOther(9, 3) },
    { tauMem: 20, tauSynExc: 4, tauSynInh: 9, inhibition: -0.3 },
  ],
}

function of(tauMem: number, tauSyn: number): readonly [CourseOfMany, Pulse] {
  return [
    { tauMem, tauSyn },
    { tauMem, tauSynExc: tauSyn, tauSynInh: tauSyn, inhibition: -0.3 },
  ]
}

function ofTwo(tauMem: number, tauSynExc: number, tauSynInh: number): readonly [CourseOfMany, Pulse] {
  return [
    { tauMem, tauSynExc, tauSynInh },
    { tauMem, tauSynExc, tauSynInh, inhibition: -0.3 },
  ]
}

function everyOther(even: number, odd: number): readonly number[] {
  return Array.from({ length: SIZE }, (_, n) => (n % 2 === 0 ? even : odd))
}

/** Time from a pulse to the maximum of the voltage. */
function timeToPeak({ tauMem, tauSynExc, tauSynInh, inhibition }: Pulse): number {
  const slope = (t: number) => {
    const current = Math.exp(-t / tauSynExc) + inhibition * Math.exp(-t / tauSynInh)
    return current - (kappaOf(t, tauMem, tauSynExc) + inhibition * kappaOf(t, tauMem, tauSynInh))
  }
  let [low, high] = [1e-3, 100]
  while (low < (low + high) / 2 && (low + high) / 2 < high) {
    if (slope((low + high) / 2) > 0) low = (low + high) / 2
    else high = (low + high) / 2
  }
  return high
}

/** Both currents set in at once, each neuron's at another weight. The source that is silent has synapses enough for all. */
function networkOf(course: CourseOfMany, inhibition: number): Network {
  const weightOf = (n: number) => 1 + n / 97
  return defineNetwork({
    groups: {
      in: source(2),
      silent: source(10),
      cells: lif(SIZE, { ...course, threshold: 1000 } as LifParameters),
    },
    projections: [
      connect(
        'in',
        'cells',
        synapses(Array.from({ length: 2 * SIZE }, (_, k) => [k % 2, k >> 1, weightOf(k >> 1) * (k % 2 || inhibition)])),
      ),
      connect('silent', 'cells', fixedInDegree(100, 1, { multiple: true })),
    ],
  })
}

test.each(Object.entries(COURSES))('%s: a maximum right where a bin begins is not lost', (_, [course, pulse]) => {
  const network = networkOf(course, pulse.inhibition)
  const peak = timeToPeak(pulse)
  // Where bins of any length begin; a few ulps around it decide between the bin before and the one behind.
  const trials = Array.from({ length: 5 * 33 }, (__, k) => ({ edge: 40 + Math.floor(k / 33), ulps: (k % 33) - 16 }))
  const starts = trials.map(({ edge, ulps }) => edge - peak + ulps * 2 ** -48)
  const pulses = trainsOf(starts.map((time) => [0, 1].map((unit) => ({ time, unit }))))
  const more: Partial<KernelOptions> = { gradients: true, trackSilent: true, trials: trials.length }
  const trains = [pulses, trainsOf(trials.map(() => []))]
  const run = (kernel: DrivenKernel, peakGradients: KernelInput['peakGradients'] = null) =>
    driveKernel(kernel, { trains, options: forwardOptions(UNTIL, more), peakGradients }, AT_ONCE)
  const kernel = windowKernel(network, 'cells')
  const found = run(kernel)
  const isAlone = 'tauSyn' in course ? Array.isArray(course.tauSyn) : Array.isArray(course.tauMem)
  const response =
    kappaOf(peak, pulse.tauMem, pulse.tauSynExc) + pulse.inhibition * kappaOf(peak, pulse.tauMem, pulse.tauSynInh)
  let atEdges = 0
  found.maxima.times.forEach((time, at) => {
    const [n, trial] = [at % SIZE, Math.floor(at / SIZE)]
    if (isAlone && n % 2 === 1) return
    const height = (1 + n / 97) * response
    const { edge } = trials[trial]!
    const value = found.maxima.values[at]!
    // `expect` takes longer than all the rest.
    if (!(Math.abs(value - height) < 1e-12 * height && Math.abs(time - edge) < 1e-6))
      expect.fail(`neuron ${n}, trial ${trial}: ${value} at ${time}, and not ${height} at ${edge}`)
    if (time === edge) atEdges++
  })
  expect(atEdges).toBeGreaterThan(0)
  // Each of the two weights of a neuron moves its maximum by kappa.
  const { gradient } = run(kernel, new Float64Array(SIZE * trials.length).fill(1))
  const kappas = [pulse.tauSynInh, pulse.tauSynExc].map((tau) => trials.length * kappaOf(peak, pulse.tauMem, tau))
  for (let k = 0; k < 2 * SIZE; k++) {
    if (isAlone && (k >> 1) % 2 === 1) continue
    expect(Math.abs(gradient[k]! - kappas[k % 2]!)).toBeLessThan(1e-9 * kappas[k % 2]!)
  }
})
