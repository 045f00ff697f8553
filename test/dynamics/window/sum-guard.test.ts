import { describe, expect, it } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { poisson } from '../../../src/network/emitting-sources.js'
import { lif, source } from '../../../src/network/groups.js'
import { uniform } from '../../../src/network/initializers.js'
import { connect, fixedInDegree, oneToOne, perSynapse } from '../../../src/network/projections.js'
import {
  batchOf,
  drivenReference,
  forwardOptions,
  trainsByNeuron,
  windowKernel,
  windowPlanOf,
} from '../../support/window-case.js'

const UNTIL = 10
const IN_DEGREE = 20_000

/** One source unit with many synapses to each of two neurons, and a second one that may calm them. */
function crowd(delay: number | ReturnType<typeof perSynapse>, calming = -0.0001) {
  return defineNetwork({
    groups: {
      input: source(1),
      calm: source(1),
      cells: lif(2, { tauMem: 20, tauSyn: 2, threshold: 0.1, refractory: 0.5 }),
    },
    projections: [
      connect('input', 'cells', fixedInDegree(IN_DEGREE, 0.0001, { multiple: true }), { delay }),
      connect('calm', 'cells', fixedInDegree(IN_DEGREE, calming, { multiple: true }), { delay: 1 }),
    ],
  })
}

/** So many spikes within 0.07 ms. */
function burst(count: number): SpikeTrains {
  const times = Float64Array.from({ length: count }, (_, k) => 2.01 + 0.01 * k)
  return { offsets: Uint32Array.of(0, count), times, units: new Uint32Array(count) }
}

function run(network: ReturnType<typeof crowd>, trains: SpikeTrains, calm = burst(0)) {
  const kernel = windowKernel(network, 'cells')
  kernel.begin(forwardOptions(UNTIL))
  kernel.receive(0, batchOf(trains, UNTIL))
  kernel.receive(1, batchOf(calm, UNTIL))
  return trainsByNeuron([kernel.advance(UNTIL, UNTIL)], 2)
}

describe('the sums of arrivals of a cell', () => {
  it('are right as long as they have their bits', () => {
    const network = crowd(1)
    const reference = drivenReference(network, 'cells')
    reference.begin(forwardOptions(UNTIL))
    reference.receive(0, batchOf(burst(6), UNTIL))
    reference.receive(1, batchOf(burst(0), UNTIL))
    const expected = trainsByNeuron([reference.advance(UNTIL, UNTIL)], 2)
    const found = run(network, burst(6))
    expect(found.map((times) => times.length)).toEqual(expected.map((times) => times.length))
    expect(found[1]!.length).toBeGreaterThan(2)
    found.flat().forEach((time, k) => {
      expect(Math.abs(time - expected.flat()[k]!)).toBeLessThan(1e-11)
    })
  })

  it.each([
    ['one delay', 1],
    ['own delays', perSynapse(1)],
  ])('are refused beyond, with %s, and name neuron and time', (_, delay) => {
    const refused = { code: 'CROWDED_NEURON', details: { group: 'cells', unit: 0, time: 3, arrivals: 2 ** 17 } }
    expect(() => run(crowd(delay), burst(7))).toThrow(expect.objectContaining(refused))
  })

  it('count what inhibits as well, and small weights as little', () => {
    expect(() => run(crowd(1), burst(4), burst(4))).toThrow(expect.objectContaining({ code: 'CROWDED_NEURON' }))
    expect(run(crowd(1, -0.00001), burst(4), burst(7))[0]!.length).toBeGreaterThan(2)
  })

  it('count what drives may add', () => {
    const weight = 0.0001
    // All but a few of the arrivals there may be: what a drive may add in a cell is more than those.
    const inDegree = Math.floor(2 ** 17 / 6) - 5
    const network = (rate: number) =>
      defineNetwork({
        groups: {
          input: source(1),
          drive: poisson(2, { rate, start: 5 }),
          cells: lif(2, { tauMem: 20, tauSyn: 2, threshold: 0.1, refractory: 0.5 }),
        },
        projections: [
          connect('input', 'cells', fixedInDegree(inDegree, weight, { multiple: true })),
          connect('drive', 'cells', oneToOne(weight)),
        ],
      })
    const runWith = (rate: number) => {
      const kernel = windowKernel(network(rate), 'cells')
      kernel.begin(forwardOptions(UNTIL))
      kernel.receive(0, batchOf(burst(6), UNTIL))
      return trainsByNeuron([kernel.advance(UNTIL, UNTIL)], 2)
    }
    expect(windowPlanOf(network(6000), 'cells').drives.size).toBe(1)
    expect(() => runWith(6000)).toThrow(expect.objectContaining({ code: 'CROWDED_NEURON' }))
    // A drive this slow is sent, spike by spike.
    expect(windowPlanOf(network(10), 'cells').drives.size).toBe(0)
    expect(runWith(10)[0]!.length).toBeGreaterThan(2)
  })

  it('are not refused for own delays that keep arrivals apart', () => {
    expect(run(crowd(perSynapse(uniform(1, 4))), burst(12))[0]!.length).toBeGreaterThan(2)
  })
})
