import { describe, expect, it } from 'vitest'
import { open } from '../../../../src/actors/open.js'
import { createBinQueue } from '../../../../src/dynamics/kernels/window/arrivals/arrival-bins.js'
import { QUIET_INTERVAL } from '../../../../src/dynamics/kernels/window/bins/stillness.js'
import type { SpikeTrains } from '../../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import type { Network } from '../../../../src/network/description/network.js'
import { connect, fixedInDegree, oneToOne, perSynapse } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { expectSameBits } from '../../../support/same-bits.js'
import {
  batchOf,
  forwardOptions,
  poissonReference,
  SEED,
  trainsByNeuron,
  windowBin,
  windowGroupOf,
  windowKernel,
} from '../../../support/window-case.js'

const SIZE = 100
const RULE = fixedInDegree(100, 0.06, { multiple: true })

/** Spikes of five units each at some instants, a little apart. */
function volleys(...instants: readonly number[]): SpikeTrains {
  const times = Float64Array.from(instants.flatMap((time) => [0, 1, 2, 3, 4].map((k) => time + 0.3 * k)))
  const units = Uint32Array.from(times, (_, k) => k % 5)
  return { offsets: Uint32Array.of(0, times.length), times, units }
}

function networkOf(
  parameters: { readonly refractory?: number; readonly vReset?: number },
  drive = poisson(SIZE, { rate: 6000, start: 4000, stop: 4030 }),
) {
  return defineNetwork({
    groups: { input: source(5), drive, cells: lif(SIZE, { tauMem: 2, tauSyn: 1, threshold: 1, ...parameters }) },
    projections: [
      connect('input', 'cells', RULE, { delay: perSynapse(0.4) }),
      connect('drive', 'cells', oneToOne(0.4), { delay: 0.25 }),
    ],
  })
}

/** Spikes and state after a run in windows of so many bins. */
function runInWindows(network: Network, trains: SpikeTrains, until: number, cells: number) {
  const kernel = windowKernel(network, 'cells')
  const window = cells * windowBin(network, 'cells')
  kernel.begin(forwardOptions(until, { segmented: true }))
  kernel.receive(0, batchOf(trains, until))
  const parts: SpikeTrains[] = []
  for (let end = window; end < until; end += window) parts.push(kernel.advance(end, end))
  parts.push(kernel.advance(until, until))
  return { spikes: trainsByNeuron(parts, SIZE), ...kernel.saveState() }
}

describe('an interval in which nothing can happen', () => {
  // Refractory periods end while everything stands still, and before an input.
  it.each([0, 2500.3])('is passed over with the bits of going through it, refractory for %s ms', (refractory) => {
    const network = networkOf({ refractory, vReset: -0.2 })
    expect(windowGroupOf(network, 'cells').poissonInputs.size).toBe(1)
    const trains = volleys(1, 2900, 7000.1)
    const over = runInWindows(network, trains, 9000, 1e6)
    // Windows as short as this leave nothing to pass over.
    expectSameBits(runInWindows(network, trains, 9000, 60), over)
    const times = over.spikes.flat()
    // Those that had fired were held while they were driven.
    const bursts = refractory === 0 ? [1, 2900, 4000, 7000] : [1, 2900, 7000]
    for (const from of bursts)
      expect(times.filter((time) => time > from && time < from + 100).length, `from ${from} ms`).toBeGreaterThan(10)
  })

  /** Fires at 0, is held then, and meets a spike of the input. */
  function heldOnce(vReset: number, refractory: number) {
    const neurons = { tauMem: 20, tauSyn: 10, threshold: -0.5, bias: -1, vReset, refractory }
    return defineNetwork({
      groups: { input: source(1), cells: lif(1, neurons) },
      projections: [connect('input', 'cells', fixedInDegree(10_000, 1.7e-4, { multiple: true }))],
    })
  }
  const bin = windowBin(heldOnce(-0.6, 5), 'cells')

  it.each([
    { vReset: -0.6, refractory: 5, arrival: 1 },
    // Nothing is left of the voltage at which the neuron is held, but for the one that it goes on from; and somebody looks
    // whether it can fire between the arrival and that end.
    { vReset: -0.51, refractory: (QUIET_INTERVAL + 3) * bin, arrival: (QUIET_INTERVAL + 0.1) * bin },
  ])('is none where the end of a refractory period lets a neuron fire again: %j', ({ vReset, refractory, arrival }) => {
    const network = heldOnce(vReset, refractory)
    const one = { offsets: Uint32Array.of(0, 1), times: Float64Array.of(arrival), units: Uint32Array.of(0) }
    const kernel = windowKernel(network, 'cells')
    kernel.begin(forwardOptions(Infinity))
    kernel.receive(0, batchOf(one, Infinity))
    const { times } = kernel.advance(Infinity, Infinity)
    const reference = poissonReference(network, 'cells')
    reference.begin(forwardOptions(Infinity, { whole: true }))
    reference.receive(0, batchOf(one, Infinity))
    const expected = reference.advance(Infinity, Infinity).times
    expect(expected.length).toBe(2)
    expect(times.length).toBe(2)
    expect(times[0]).toBe(0)
    expect(times[1]).toBeCloseTo(expected[1]!, 10)
  })

  it('may be as long as a geological age', () => {
    const network = networkOf({}, poisson(SIZE, { rate: 6000, start: 2e9, stop: 2e9 + 10 }))
    const trains = volleys(1, 1e9, 3e9)
    const kernel = windowKernel(network, 'cells')
    kernel.begin(forwardOptions(Infinity))
    kernel.receive(0, batchOf(trains, Infinity))
    const found = trainsByNeuron([kernel.advance(Infinity, Infinity)], SIZE)
    const reference = poissonReference(network, 'cells')
    reference.begin(forwardOptions(Infinity, { whole: true }))
    reference.receive(0, batchOf(trains, Infinity))
    const expected = trainsByNeuron([reference.advance(Infinity, Infinity)], SIZE)
    found.forEach((times, n) => {
      expect(times.length).toBe(expected[n]!.length)
      times.forEach((time, k) => {
        expect(Math.abs(time - expected[n]![k]!)).toBeLessThan(1e-11 + 4e-16 * time)
      })
    })
    expect(found.flat().filter((time) => time > 3e9).length).toBeGreaterThan(10)
  })

  it('ends at an instant that bins cannot count with a message that names group and time', () => {
    const kernel = windowKernel(networkOf({}), 'cells')
    kernel.begin(forwardOptions(Infinity))
    const refused = { code: 'TIME_BEYOND_CELLS', details: { group: 'cells', time: 1e16, cell: 0.25 } }
    expect(() => kernel.receive(0, batchOf(volleys(1, 1e16), Infinity))).toThrow(expect.objectContaining(refused))
  })

  it('is told to others: a group that leads back to itself comes to any end', async () => {
    const network = defineNetwork({
      groups: { input: source(5), cells: lif(SIZE, { tauMem: 2, tauSyn: 1, threshold: 1 }) },
      projections: [
        connect('input', 'cells', RULE),
        connect('cells', 'cells', fixedInDegree(100, -0.001, { multiple: true }), { delay: 1.5 }),
      ],
    })
    await using session = await open(network, { seed: SEED })
    const inputs = { input: volleys(1, 5e8) }
    const { spikes } = await session.simulate({ count: 1, until: 1e12, inputs }, { record: ['cells'] })
    const { spikes: near } = await session.simulate({ count: 1, until: 5e8 + 50, inputs }, { record: ['cells'] })
    expectSameBits(spikes, near)
    expect(spikes.cells!.times.at(-1)).toBeGreaterThan(5e8)
  })

  it('does not hide a neuron that fires too often', () => {
    const network = defineNetwork({
      groups: { input: source(1), cells: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1e-9 }) },
      projections: [connect('input', 'cells', fixedInDegree(10_000, 0.001, { multiple: true }))],
    })
    const kernel = windowKernel(network, 'cells')
    kernel.begin(forwardOptions(Infinity))
    const one = { offsets: Uint32Array.of(0, 1), times: Float64Array.of(1), units: Uint32Array.of(0) }
    kernel.receive(0, batchOf(one, Infinity))
    const fault = { code: 'RUNAWAY_NEURON', details: expect.objectContaining({ time: expect.any(Number) }) }
    let thrown: unknown
    try {
      kernel.advance(Infinity, Infinity)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject(fault)
    expect((thrown as { details: { time: number } }).details.time).toBeLessThan(1e4)
  })
})

describe('a queue of bins', () => {
  it('knows the smallest number, whatever was pushed and dropped', () => {
    const queue = createBinQueue()
    let left: number[] = []
    for (let step = 0; step < 400; step++) {
      const bin = (step * 7919) % 503
      queue.push(bin)
      left.push(bin)
      if (step % 5 === 4) {
        const limit = Math.min(...left) + (step % 40)
        queue.dropUpTo(limit)
        left = left.filter((number) => number > limit)
      }
      expect(queue.first()).toBe(Math.min(...left))
    }
    queue.clear()
    expect(queue.first()).toBe(Infinity)
  })
})
