import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { type MemoryTraffic, totalTraffic } from '../../../src/dynamics/traffic/memory-traffic.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { liIntegral, spikeCount, vMax } from '../../../src/learning/define-loss.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { type CountedWork, countedTrials, countedWork, eachSpike } from '../../support/counted-session.js'
import { inTurn } from '../../support/in-turn.js'

/** Numbers of neurons are multiples of eight, so that no lane is idle; the hidden layer can be cut. */
const [n0, n1, n2] = [6, 96, 8]
const ADAM = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const
const WEIGHTS = n0 * n1 + n1 * n2
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

const spiking = defineNetwork({
  groups: { in: source(n0), hidden: lif(n1, NEURON), out: lif(n2, NEURON) },
  projections: [connect('in', 'hidden', dense(normal(1, 1))), connect('hidden', 'out', dense(normal(0.5, 0.5)))],
})
const readOut = defineNetwork({
  groups: {
    in: source(n0),
    hidden: lif(n1, { ...NEURON, tauAdapt: 30, adaptStep: 0.1 }),
    out: li(n2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(1, 1)), { delay: 1 }),
    connect('hidden', 'out', dense(normal(0, 0.1))),
  ],
})
const recurrent = defineNetwork({
  groups: { in: source(n0), hidden: lif(n1, { ...NEURON, refractory: 2 }), out: li(n2, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('in', 'hidden', dense(normal(1, 1)), { delay: perSynapse(uniform(1, 4)) }),
    connect('hidden', 'hidden', dense(normal(0, 0.1)), { delay: perSynapse(uniform(1, 4)) }),
    connect('hidden', 'out', dense(normal(0, 0.1))),
  ],
})
const tausPerNeuron = defineNetwork({
  groups: { in: source(n0), hidden: lif(n1, { ...NEURON, tauMem: uniform(15, 20) }), out: lif(n2, NEURON) },
  projections: [connect('in', 'hidden', dense(normal(1, 1))), connect('hidden', 'out', dense(normal(0.5, 0.5)))],
})
/** Readouts that can be cut. */
const wide = (delays: Parameters<typeof connect>[3]) =>
  defineNetwork({
    groups: { in: source(n0), out: li(n1, { tauMem: 20, tauSyn: 5 }) },
    projections: [connect('in', 'out', dense(normal(0, 0.1)), delays)],
  })
const wideShared = wide({ delay: 1 })
const wideOwn = wide({ delay: perSynapse(uniform(1, 4)) })
const sparse = defineNetwork({
  groups: { in: source(n0), out: lif(n1, NEURON) },
  projections: [
    connect('in', 'out', fixedInDegree(150, 0.07, { multiple: true })),
    connect('out', 'out', fixedInDegree(20, 0.01, { multiple: true }), { delay: perSynapse(uniform(1, 4)) }),
  ],
})

/** Only the last block has a pair without a synapse; one unit never spikes. */
const nulls = defineNetwork({
  groups: { in: source(n0 + 1), out: lif(n1, NEURON) },
  projections: [
    connect('in', 'out', dense(Array.from({ length: n1 }, (_, n) => [n === n1 - 1 ? null : 2, ...Array(n0).fill(2)]))),
  ],
})
/** Neurons of which the last block has other numbers than those before it. */
const lastBlock = (last: number, others: number) => Array.from({ length: n1 }, (_, n) => (n < n1 - 32 ? others : last))
const unlike = (neuron: Parameters<typeof lif>[1], delays: Parameters<typeof connect>[3] = {}) =>
  defineNetwork({
    groups: { in: source(n0), out: lif(n1, neuron) },
    projections: [connect('in', 'out', dense(2), delays)],
  })
const partlySilent = unlike({ ...NEURON, threshold: lastBlock(100, 1) })
const partlyHeld = unlike({ ...NEURON, refractory: lastBlock(2, 0) })
const partlyHeldOwn = unlike({ ...NEURON, refractory: lastBlock(2, 0) }, { delay: perSynapse(uniform(1, 4)) })
const partlySplit = unlike({ tauMem: 20, tauSynExc: 5, tauSynInh: lastBlock(8, 5), threshold: 1 })

interface Order extends Omit<CountedWork, 'trials' | 'loss' | 'kernel'>, Partial<Pick<CountedWork, 'loss'>> {
  readonly kernel: 'simd' | 'reference'
  readonly until?: number
}

/** Traffic of one pass over the trials. */
function measured({ loss = spikeCount('out'), until = 60, ...order }: Order): Promise<MemoryTraffic> {
  return countedWork({ ...order, loss, trials: countedTrials(n0, until) })
}

/** What fires in `spiking`. */
async function spikesOf(kernel: 'simd' | 'reference') {
  await using session = await open(spiking, { seed: 3, kernel })
  const { spikes } = await session.simulate(countedTrials(n0))
  const [hidden, out] = [spikes.hidden, spikes.out] as [SpikeTrains, SpikeTrains]
  return { hidden, out, inputs: countedTrials(n0).inputs.in }
}

/** Rows of eight weights whose gradient moves: those of arrivals before the last spike of the eight neurons in a trial. */
function undoneRows(arriving: SpikeTrains, emitted: SpikeTrains, size: number): number {
  let rows = 0
  for (let trial = 0; trial + 1 < arriving.offsets.length; trial++)
    for (let laneGroup = 0; laneGroup < size / 8; laneGroup++) {
      let last = -1
      for (let k = emitted.offsets[trial] ?? 0; k < (emitted.offsets[trial + 1] ?? 0); k++)
        if ((emitted.units[k] ?? 0) >> 3 === laneGroup) last = Math.max(last, emitted.times[k] ?? 0)
      for (let k = arriving.offsets[trial] ?? 0; k < (arriving.offsets[trial + 1] ?? 0); k++)
        if ((arriving.times[k] ?? 0) < last) rows++
    }
  return rows
}

/** Lane groups in which a neuron fires, trial by trial. */
function firingLaneGroups(emitted: SpikeTrains): number {
  return new Set(eachSpike(emitted).map(({ trial, unit }) => `${trial} ${unit >> 3}`)).size
}

describe('what the kernels count is what the formulas say', () => {
  test('SIMD: E rows of weights forward, those before the last spike backward, 32 bytes of tape a spike', async () => {
    const { hidden, out, inputs } = await spikesOf('simd')
    const [s0, s1, s2] = [inputs, hidden, out].map(({ times }) => times.length) as [number, number, number]
    expect(s1).toBeGreaterThan(n1 / 3)
    expect(s2).toBeGreaterThan(2)
    const [into1, into2] = [undoneRows(inputs, hidden, n1), undoneRows(hidden, out, n2)]
    const events = s0 * n1 + s1 * n2
    const forward = await measured({ network: spiking, kernel: 'simd', work: 'evaluate' })
    // Packed once, then read once per synaptic event.
    expect(forward.weights).toEqual({ read: 8 * (WEIGHTS + events), written: 8 * WEIGHTS })
    expect(forward.gradients).toEqual({ read: 0, written: 0 })
    // Records, and the places of spikes in them, for which time and lane are looked at.
    expect(forward.tape).toEqual({ read: 16 * (s1 + s2), written: 36 * (s1 + s2) })
    const both = await measured({ network: spiking, kernel: 'simd', work: 'train' })
    // Gradient events go to the hidden layer alone.
    expect(both.weights).toEqual({ read: 8 * (WEIGHTS + events) + 64 * into2, written: 8 * WEIGHTS })
    expect(both.tape).toEqual({ read: (16 + 32) * (s1 + s2), written: 36 * (s1 + s2) })
    // Gradients are cleared, added to, and handed over once, in the rows that anything arrives at; thresholds
    // move at own spikes.
    const moved = 64 * (into1 + into2) + 8 * (s1 + s2)
    const [heard1, heard2] = [inputs, hidden].map(({ units }) => new Set(units).size) as [number, number]
    expect(heard2).toBeLessThan(n1)
    const whole = 8 * ((heard1 + 3) * n1 + (heard2 + 3) * n2)
    expect(both.gradients).toEqual({ read: moved + whole, written: moved + 2 * whole })
    // How often every neuron has fired, set to 0 and noted; spikes; what is sent back, set to 0, per lane group, per block.
    const counts = 4 * 2 * (n1 + n2) + 4 * (s1 + s2)
    expect(both.spikes.written).toBe(counts + 12 * (s1 + s2) + 16 * s1 + 16 * into2 + 8 * s1)
    // The adjoints of U and I at own spikes; that of the adaptation, set to 0 where a neuron fires. Else U and I stay in registers.
    expect(both.state.written).toBe(16 * (s1 + s2) + 64 * (firingLaneGroups(hidden) + firingLaneGroups(out)))
  })

  test('reference: E weights each way, 32 bytes of tape a spike', async () => {
    const { hidden, out, inputs } = await spikesOf('reference')
    const [s0, s1, s2] = [inputs, hidden, out].map(({ times }) => times.length) as [number, number, number]
    const events = s0 * n1 + s1 * n2
    const forward = await measured({ network: spiking, kernel: 'reference', work: 'evaluate' })
    expect(forward.weights).toEqual({ read: 8 * (WEIGHTS + events), written: 8 * WEIGHTS })
    expect(forward.gradients).toEqual({ read: 0, written: 0 })
    expect(forward.tape).toEqual({ read: 8 * (s1 + s2), written: 36 * (s1 + s2) })
    expect(forward.spikes).toEqual({ read: 16 * events, written: 16 * events + 12 * (s1 + s2) })
    const both = await measured({ network: spiking, kernel: 'reference', work: 'train' })
    expect(both.weights).toEqual({ read: 8 * (WEIGHTS + 2 * events), written: 8 * WEIGHTS })
    expect(both.tape).toEqual({ read: (8 + 32) * (s1 + s2), written: 36 * (s1 + s2) })
  })

  test.each(['simd', 'reference'] as const)('%s: time in which nothing happens costs nothing', async (kernel) => {
    const brief = await measured({ network: spiking, kernel, work: 'train', until: 60 })
    expect(await measured({ network: spiking, kernel, work: 'train', until: 6000 })).toEqual(brief)
    expect(brief.state.read).toBeGreaterThan(0)
    expect(brief.state.written).toBeGreaterThan(0)
  })
})

describe('no figure depends on how groups are cut', () => {
  const cases: readonly (readonly [string, Omit<Order, 'work'> & Partial<Pick<Order, 'work'>>])[] = [
    ['SIMD, spiking', { network: spiking, kernel: 'simd' }],
    ['reference, spiking', { network: spiking, kernel: 'reference' }],
    ['SIMD, adaptation and readout', { network: readOut, kernel: 'simd', loss: vMax('out') }],
    ['reference, adaptation and readout', { network: readOut, kernel: 'reference', loss: vMax('out') }],
    ['reference, recurrent with refractory periods', { network: recurrent, kernel: 'reference', loss: vMax('out') }],
    ['SIMD, recurrent with refractory periods', { network: recurrent, kernel: 'simd', loss: vMax('out') }],
    ['SIMD, time constants per neuron', { network: tausPerNeuron, kernel: 'simd' }],
    ['SIMD, integrals', { network: readOut, kernel: 'simd', loss: liIntegral('out') }],
    ['SIMD, integrals with delays per synapse', { network: recurrent, kernel: 'simd', loss: liIntegral('out') }],
    ['reference, integrals', { network: readOut, kernel: 'reference', loss: liIntegral('out') }],
    ['SIMD, integrals of readouts that are cut', { network: wideShared, kernel: 'simd', loss: liIntegral('out') }],
    [
      'SIMD, integrals of the same with delays per synapse',
      { network: wideOwn, kernel: 'simd', loss: liIntegral('out') },
    ],
    ['SIMD, maxima of readouts that are cut', { network: wideOwn, kernel: 'simd', loss: vMax('out') }],
    [
      'reference, integrals of readouts that are cut',
      { network: wideOwn, kernel: 'reference', loss: liIntegral('out') },
    ],
    ['a large sparse group', { network: sparse, kernel: 'simd' }],
    ['SIMD, refractory periods in one slice alone', { network: partlyHeld, kernel: 'simd', work: 'train' }],
    ['SIMD, the same with delays per synapse', { network: partlyHeldOwn, kernel: 'simd', work: 'train' }],
    ['reference, refractory periods in one slice alone', { network: partlyHeld, kernel: 'reference', work: 'train' }],
    ['reference, two currents in one slice alone', { network: partlySplit, kernel: 'reference', work: 'train' }],
    ['SIMD, pairs are left out in one slice alone', { network: nulls, kernel: 'simd', work: 'train' }],
    [
      'SIMD, silent neurons of some slices are woken',
      {
        ...{ network: partlySilent, kernel: 'simd', work: 'train', steps: 2 },
        learning: { optimizer: ADAM, rates: { weights: 0 }, silentWeightStep: { out: 0.01 } },
      },
    ],
  ]
  test.each(cases.map(([name, order], turn) => ({ name, order, turn })))('$name', async ({ order, turn }) => {
    const all = order.work === undefined ? (['evaluate', 'train', 'gradient'] as const) : [order.work]
    for (const work of inTurn(all, turn)) {
      const whole = await measured({ ...order, work })
      expect(totalTraffic(whole)).toBeGreaterThan(0)
      // Of three cores one may be left to the source, and the next layer is cut all the same.
      for (const cores of inTurn([2, 3], turn)) expect(await measured({ ...order, work, cores })).toEqual(whole)
    }
  })
})
