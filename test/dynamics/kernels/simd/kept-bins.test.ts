import { describe, expect, test } from 'vitest'
import { chosenKernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import type { SourceSlices } from '../../../../src/dynamics/timeline/kernel-input.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { normal, uniform } from '../../../../src/network/description/initializers.js'
import type { Network } from '../../../../src/network/description/network.js'
import { connect, dense, perSynapse } from '../../../../src/network/description/projections.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { trainsOf } from '../../../learning/trains.js'
import { AT_ONCE, type Cutting, driveKernel } from '../../../support/drive-kernel.js'
import { randomTrains } from '../../../support/window-case.js'
import { WHOLE } from '../kernel-for.js'

const SOURCES = 80
/** Longer than two spans of the factors of spikes, which are 256 ms where the shorter time constant is 5 ms. */
const UNTIL = 600
const TRIALS = 2
const NEURONS = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** What lies in bins that stay from window to window is compared with bins that are made anew for a whole trial. */
interface Run {
  readonly network: Network
  /** One train per projection. */
  readonly trains: readonly SpikeTrains[]
  readonly sourceSlices?: SourceSlices
}

function kernelOf({ network, sourceSlices }: Run) {
  return chosenKernelOfGroup('simd', instantiate(network, 0), 'x', sourceSlices)
}

function inputOf({ trains }: Run, whole: boolean) {
  const options = { ...WHOLE, trials: TRIALS, until: UNTIL, gradients: false, whole }
  return { trains, options, peakGradients: null }
}

function spikesOfWhole(run: Run): SpikeTrains {
  return driveKernel(kernelOf(run), inputOf(run, true), AT_ONCE).spikes
}

/**
 * The spikes with windows of `width` ms.
 *
 * @param isLate each window is given no more of the input than it needs; else all is known from the start
 */
function spikesInWindows(run: Run, width: number, isLate: boolean): SpikeTrains {
  const kernel = kernelOf(run)
  const cuts = Array.from({ length: Math.ceil(UNTIL / width) - 1 }, (_, k) => (k + 1) * width)
  const soonest = kernel.smallestDelays()[0] as number
  const cutting: Cutting = isLate
    ? { horizons: cuts.map((cut) => cut + soonest).filter((cut) => cut < UNTIL), batches: [cuts], arrival: 'late' }
    : { ...AT_ONCE, horizons: cuts }
  return driveKernel(kernel, inputOf(run, false), cutting).spikes
}

function lateSpikes({ times }: SpikeTrains): number {
  return times.filter((time) => time > 260).length
}

describe.each([
  ['a tauSyn of tauMem / 4', 20, 0.3],
  ['equal time constants', 5, 0.12],
])('no window changes a bit of what arrives over delays of its own, with %s,', (_, tauMem, mean) => {
  const input = randomTrains(SOURCES, 0.015, UNTIL, TRIALS, 'kept bins')
  const networkWith = (shortest: number) =>
    defineNetwork({
      groups: { in: source(SOURCES), x: lif(11, { ...NEURONS, tauMem }) },
      projections: [connect('in', 'x', dense(normal(mean, 0.25)), { delay: perSynapse(uniform(shortest, 70)) })],
    })

  test('where all is known from the start', () => {
    const run = { network: networkWith(0), trains: [input] }
    const whole = spikesOfWhole(run)
    expect(lateSpikes(whole)).toBeGreaterThan(100)
    for (const width of [0.9, 7, 45])
      expect(spikesInWindows(run, width, false), `windows of ${width} ms`).toEqual(whole)
  })

  test('where spikes of one source are known later or sooner than those of another', () => {
    const latencies = Float64Array.from({ length: SOURCES }, (_, unit) => 0.2 + 2.8 * (unit % 2))
    const sourceSlices = () => [{ start: 0, end: SOURCES, latencies }]
    const run = { network: networkWith(4), trains: [input], sourceSlices }
    const whole = spikesOfWhole(run)
    expect(lateSpikes(whole)).toBeGreaterThan(100)
    for (const width of [0.9, 4, 45]) expect(spikesInWindows(run, width, true), `windows of ${width} ms`).toEqual(whole)
  })
})

test.each([256, 512])('the longest delay may end where a span of factors begins, at %i ms', (span) => {
  const network = defineNetwork({
    groups: { in: source(SOURCES), late: source(1), x: lif(11, NEURONS) },
    projections: [
      connect('in', 'x', dense(normal(0.05, 0.05)), { delay: perSynapse(uniform(0, 60)) }),
      connect('late', 'x', dense(12), { delay: 64 }),
    ],
  })
  const late = trainsOf(Array.from({ length: TRIALS }, () => [{ time: span - 64, unit: 0 }]))
  const run = { network, trains: [randomTrains(SOURCES, 0.015, UNTIL, TRIALS, 'kept bins'), late] }
  const whole = spikesOfWhole(run)
  expect(whole.times.filter((time) => time > span && time < span + 10).length).toBeGreaterThanOrEqual(11 * TRIALS)
  for (const width of [0.9, 7, 45]) expect(spikesInWindows(run, width, false), `windows of ${width} ms`).toEqual(whole)
})
