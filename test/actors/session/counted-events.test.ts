import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { liIntegral, spikeCount } from '../../../src/learning/define-loss.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, fixedInDegree, perSynapse } from '../../../src/network/description/projections.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { countedTrials, countedWork, eachSpike } from '../../support/counted-session.js'

// What kernels count by rows, bins and bins is counted here event by event, from the spikes and the numbers of synapses.

/** Numbers of neurons are multiples of eight, so that no lane is idle. */
const [n0, n1, n2] = [6, 96, 8]
const TRIALS = 2
const UNTIL = 60
const LANE_GROUPS = (n1 + n2) / 8
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const trials = countedTrials(n0, UNTIL)
const layered = (neuron: Parameters<typeof lif>[1], delays: { readonly delay?: ReturnType<typeof perSynapse> }) =>
  defineNetwork({
    groups: { in: source(n0), hidden: lif(n1, neuron), out: lif(n2, neuron) },
    projections: [
      connect('in', 'hidden', dense(normal(1, 1)), delays),
      connect('hidden', 'out', dense(normal(0.5, 0.5)), delays),
    ],
  })
const WEIGHTS = n0 * n1 + n1 * n2

interface Arrival {
  readonly trial: number
  readonly spike: number
  readonly neuron: number
  readonly time: number
}

/** One for each synapse of a dense projection; without delays a spike arrives when it is sent. */
function arrivalsOf(spikes: SpikeTrains, targets: number, delays: Float64Array | null, sources: number): Arrival[] {
  return eachSpike(spikes).flatMap(({ trial, spike, unit, time }) =>
    Array.from({ length: targets }, (_, neuron) => {
      return { trial, spike, neuron, time: time + (delays?.[neuron * sources + unit] ?? 0) }
    }),
  )
}

/** How many there are of what arrivals are told by. */
function different(arrivals: readonly Arrival[], by: (arrival: Arrival) => string): number {
  return new Set(arrivals.map(by)).size
}

const rowOf = ({ spike, neuron }: Arrival) => `${spike} ${neuron >> 3}`

/** The last of some spikes of every neuron in every trial. */
function lastOf(spikes: SpikeTrains, some: (spike: number) => boolean = () => true): ReadonlyMap<string, number> {
  return new Map(
    eachSpike(spikes).flatMap(({ trial, unit, time, spike }): [string, number][] => {
      return some(spike) ? [[`${trial} ${unit}`, time]] : []
    }),
  )
}

/** Those that come before an own spike of their neuron. */
function before(last: ReadonlyMap<string, number>, arrivals: readonly Arrival[]): readonly Arrival[] {
  return arrivals.filter(({ trial, neuron, time }) => time < (last.get(`${trial} ${neuron}`) ?? 0))
}

async function courseOf(network: Network) {
  await using session = await open(network, { seed: 3, kernel: 'simd' })
  const { spikes } = await session.simulate(trials)
  const { projections } = await session.parameters()
  const delaysOf = (key: string) => ((projections[key]?.delays.length ?? 0) > 1 ? projections[key]!.delays : null)
  const [hidden, out] = [spikes.hidden!, spikes.out!]
  const into = arrivalsOf(trials.inputs.in, n1, delaysOf('in->hidden'), n0)
  const onward = arrivalsOf(hidden, n2, delaysOf('hidden->out'), n1)
  // The loss looks at all spikes of the output, and so at those that come to it before its last one.
  const undoneOnward = before(lastOf(out), onward)
  const moving = new Set(undoneOnward.map(({ spike }) => spike))
  const undoneInto = before(
    lastOf(hidden, (spike) => moving.has(spike)),
    into,
  )
  expect(undoneInto.length).toBeGreaterThan(n1)
  expect(undoneInto.length).toBeLessThan(into.length)
  return { hidden, out, into, onward, undoneInto, undoneOnward, moving }
}

const OWN_ARRIVALS = 'rows of arrivals and bins forward, rows that something comes back to backward'

test.each([0, 2])(`delays per synapse: ${OWN_ARRIVALS}; neurons hold for %i ms`, async (refractory) => {
  const network = layered({ ...NEURON, refractory }, { delay: perSynapse(uniform(1, 4)) })
  const { hidden, out, into, onward, undoneInto, undoneOnward } = await courseOf(network)
  const spikes = hidden.times.length + out.times.length
  // The end of a refractory period is looked up in every bin; neurons are let go as often as they fire.
  const [held, released] = refractory === 0 ? [0, 0] : [64, spikes]
  // Fewer than 64 units lead to the hidden layer, so that its arrivals are listed; bins of the other are half a ms wide.
  const [listed, dealt] = [different(into, rowOf), different(onward, rowOf)]
  const complete = onward.filter(({ time }) => time < UNTIL - 0.5)
  const bins = different(complete, ({ trial, neuron, time }) => `${trial} ${neuron >> 3} ${Math.floor(time / 0.5)}`)
  expect(bins).toBeGreaterThan(10)
  const loss = spikeCount('out')
  const forward = await countedWork({ network, trials, work: 'evaluate', loss })
  expect(forward.weights).toEqual({ read: 16 * WEIGHTS + 128 * listed + 192 * dealt, written: 48 * WEIGHTS })
  expect(forward.gradients).toEqual({ read: 0, written: 0 })
  expect(forward.tape).toEqual({ read: 16 * spikes, written: 36 * spikes + 32 * released })
  // Events of a list are written and read; the number of spikes of every lane.
  expect(forward.spikes).toEqual({
    read: (16 + 128) * listed + 32 * dealt + 4 * spikes,
    written: 128 * listed + 32 * LANE_GROUPS * TRIALS + (4 + 12) * spikes,
  })
  // Lanes at rest; sums of bins, for every row and as the lanes pass them; own spikes.
  expect(forward.state).toEqual({
    read: 128 * LANE_GROUPS * TRIALS + 256 * dealt + (256 + 4 * 64 + held) * bins + 16 * spikes + 8 * released,
    written: 448 * LANE_GROUPS * TRIALS + 256 * dealt + (256 + 3 * 64) * bins + 16 * spikes + (8 + 8) * released,
  })

  const both = await countedWork({ network, trials, work: 'train', loss })
  const [back, told] = [different([...undoneInto], rowOf), different([...undoneOnward], rowOf)]
  expect(both.weights).toEqual({ ...forward.weights, read: forward.weights.read + 3 * 64 * (back + told) })
  const moved = 2 * 64 * (back + told) + 16 * spikes
  const whole = 8 * (2 * WEIGHTS + 3 * (n1 + n2))
  expect(both.gradients).toEqual({ read: moved + whole, written: moved + 2 * whole })
  // Only neurons are told: sums of lanes, set to 0, summed for what comes back, and added up once per block.
  expect(both.spikes).toEqual({
    read: forward.spikes.read + 32 * (back + told) + 8 * spikes + 16 * dealt + 32 * LANE_GROUPS * TRIALS,
    written: forward.spikes.written + 16 * told + 16 * dealt + 8 * dealt,
  })
  expect(both.tape).toEqual({ ...forward.tape, read: forward.tape.read + 32 * (spikes + released) })
})

describe('shared arrivals', () => {
  /** Rows before the last spike of a lane group, and intervals between arrivals in which one of its neurons fires. */
  function ofLaneGroups(arriving: SpikeTrains, emitted: SpikeTrains, size: number) {
    const own = eachSpike(emitted)
    const sent = eachSpike(arriving)
    let rows = 0
    for (let laneGroup = 0; laneGroup < size / 8; laneGroup++)
      for (let trial = 0; trial < TRIALS; trial++) {
        const times = own
          .filter(({ unit, trial: of }) => unit >> 3 === laneGroup && of === trial)
          .map(({ time }) => time)
        rows += sent.filter(({ trial: of, time }) => of === trial && time < Math.max(...times, 0)).length
      }
    const intervals = own.map(({ trial, unit, time }) => {
      return `${trial} ${unit >> 3} ${sent.filter((s) => s.trial === trial && s.time < time).length}`
    })
    return { rows, intervals: new Set(intervals).size }
  }

  /** Weights of the units that have spiked at all. */
  function touchedBy(hidden: SpikeTrains): number {
    const heard = ({ units }: SpikeTrains) => new Set(units).size
    return heard(trials.inputs.in) * n1 + heard(hidden) * n2
  }

  test('gradients by time constants: their sums where neurons fire, and the rows once more', async () => {
    const network = layered(NEURON, {})
    const { hidden, out, moving } = await courseOf(network)
    const spikes = hidden.times.length + out.times.length
    const [first, second] = [ofLaneGroups(trials.inputs.in, hidden, n1), ofLaneGroups(hidden, out, n2)]
    const rows = first.rows + second.rows
    const loss = spikeCount('out')
    const forward = await countedWork({ network, trials, work: 'evaluate', loss })
    const found = await countedWork({ network, trials, work: 'gradient', loss })
    // What comes back to spikes, and the time constants.
    expect(found.weights.read - forward.weights.read).toBe(2 * 64 * rows)
    const moved = moving.size + out.times.length
    const neurons = lastOf(hidden, (spike) => moving.has(spike)).size + lastOf(out).size
    expect(moved).toBeGreaterThan(neurons)
    // Bias and tauMem of every interval, tauAdapt of spikes before others, tauMem and tauSyn of eight neurons at once.
    const taus = 8 * moved + 8 * (moved - neurons) + 128 * (first.intervals + second.intervals)
    const added = 64 * rows + 16 * spikes + 8 * moved + taus
    const touched = touchedBy(hidden)
    const handed = 8 * (touched + (3 + 3) * (n1 + n2))
    const cleared = 8 * (touched + (3 + 4) * (n1 + n2))
    expect(found.gradients).toEqual({ read: added + handed, written: added + handed + cleared })
  })

  test('time constants per neuron: the same rows', async () => {
    const network = layered({ ...NEURON, tauMem: uniform(15, 20) }, {})
    expect(chooseKernels(network)).toMatchObject([{ feed: 'shared' }, { feed: 'shared' }])
    const { hidden, out } = await courseOf(network)
    const spikes = hidden.times.length + out.times.length
    const events = trials.inputs.in.times.length * n1 + hidden.times.length * n2
    const rows = ofLaneGroups(trials.inputs.in, hidden, n1).rows + ofLaneGroups(hidden, out, n2).rows
    const loss = spikeCount('out')
    const forward = await countedWork({ network, trials, work: 'evaluate', loss })
    expect(forward.weights).toEqual({ read: 8 * (WEIGHTS + events), written: 8 * WEIGHTS })
    expect(forward.tape).toEqual({ read: 16 * spikes, written: 36 * spikes })
    const both = await countedWork({ network, trials, work: 'train', loss })
    const added = 64 * rows + 16 * spikes
    const whole = 8 * (touchedBy(hidden) + 3 * (n1 + n2))
    expect(both.gradients).toEqual({ read: added + whole, written: added + 2 * whole })
  })
})

describe('integrals of a readout', () => {
  const readOut = (delay?: ReturnType<typeof perSynapse>) =>
    defineNetwork({
      groups: { in: source(n0), out: li(n2, { tauMem: 20, tauSyn: 5 }) },
      projections: [connect('in', 'out', dense(normal(1, 1)), delay === undefined ? {} : { delay })],
    })
  const sent = trials.inputs.in.times.length
  const [weights, events] = [n0 * n2, sent * n2]
  const loss = liIntegral('out')

  test('SIMD: every arrival for the maximum and for the integral, and once more backward', async () => {
    const forward = await countedWork({ network: readOut(), trials, work: 'evaluate', loss })
    expect(forward.weights).toEqual({ read: 8 * (weights + 2 * events), written: 8 * weights })
    const both = await countedWork({ network: readOut(), trials, work: 'train', loss })
    expect(both.weights).toEqual({ read: 8 * (weights + 3 * events), written: 8 * weights })
    const whole = 8 * (weights + 3 * n2)
    expect(both.gradients).toEqual({ read: 8 * events + whole, written: 8 * events + 2 * whole })
  })

  test('SIMD, delays per synapse: rows of eight, with their delays', async () => {
    const network = readOut(perSynapse(uniform(1, 4)))
    const forward = await countedWork({ network, trials, work: 'evaluate', loss })
    expect(forward.weights).toEqual({ read: 16 * weights + 2 * 128 * sent, written: 48 * weights })
    const both = await countedWork({ network, trials, work: 'train', loss })
    expect(both.weights).toEqual({ read: 16 * weights + 3 * 128 * sent, written: 48 * weights })
    const whole = 8 * (2 * weights + 3 * n2)
    expect(both.gradients).toEqual({ read: 128 * sent + whole, written: 128 * sent + 2 * whole })
  })

  test('reference: every arrival once each way', async () => {
    const order = { network: readOut(), trials, loss, kernel: 'reference' as const }
    const forward = await countedWork({ ...order, work: 'evaluate' })
    expect(forward.weights).toEqual({ read: 8 * (weights + events), written: 8 * weights })
    const both = await countedWork({ ...order, work: 'train' })
    expect(both.weights).toEqual({ read: 8 * (weights + 2 * events), written: 8 * weights })
    expect(both.state.read - forward.state.read).toBe(8 * events)
  })
})

test('large sparse groups: records of arrivals, bins and own events, forward and back', async () => {
  const network = defineNetwork({
    groups: { in: source(n0), a: lif(n1, NEURON) },
    projections: [
      connect('in', 'a', fixedInDegree(150, 0.07, { multiple: true })),
      connect('a', 'a', fixedInDegree(20, 0.01, { multiple: true }), { delay: perSynapse(uniform(1, 4)) }),
    ],
  })
  expect(chooseKernels(network)).toMatchObject([{ engine: 'window' }])
  await using session = await open(network, { seed: 3 })
  const { spikes } = await session.simulate(trials)
  const { projections } = instantiate(network, 3)
  const comingTo = (key: string, sent: SpikeTrains) => {
    const { sources } = projections.find((projection) => projection.key === key)!
    return eachSpike(sent).reduce((sum, { unit }) => sum + sources.filter((source) => source === unit).length, 0)
  }
  const own = spikes.a!.times.length
  expect(own).toBeGreaterThan(n1)
  // A target of 16 bits; or target, weight that all share, and delay.
  const [short, long] = [comingTo('in->a', trials.inputs.in), comingTo('a->a', spikes.a!)]
  const passed = UNTIL * TRIALS * n1
  const loss = spikeCount('a')
  const forward = await countedWork({ network, trials, work: 'evaluate', loss })
  expect(forward.weights).toEqual({ read: 2 * short + 8 * long, written: 0 })
  expect(forward.gradients).toEqual({ read: 0, written: 0 })
  expect(forward.spikes).toEqual({ read: 4 * own, written: 4 * TRIALS * n1 + (4 + 12) * own })
  expect(forward.tape).toEqual({ read: 32 * own, written: 32 * own })
  expect(forward.state).toEqual({
    read: (32 + 8) * passed + 16 * (short + long) + 24 * own,
    written: 48 * TRIALS * n1 + 32 * passed + 16 * (short + long) + 24 * own,
  })

  const both = await countedWork({ network, trials, work: 'train', loss })
  expect(both.weights).toEqual({ read: 2 * (2 * short + 8 * long), written: 0 })
  const added = 8 * short + 16 * long + (8 + 16) * own
  const vector = 8 * (projections[0]!.sources.length + 2 * projections[1]!.sources.length + 7 * n1)
  // A vector for every trial, cleared; the chunk that they are added to; what is handed over.
  expect(both.gradients).toEqual({ read: added + 6 * vector, written: added + 8 * vector })
  // Neurons alone are told.
  expect(both.spikes).toEqual({
    read: forward.spikes.read + 8 * own + 8 * long,
    written: forward.spikes.written + 8 * long,
  })
})
