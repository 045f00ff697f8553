import fc from 'fast-check'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { trialsOf } from '../../src/events/trial-range.js'
import type { Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  type Pattern,
  perSource,
  perSynapse,
  synapses,
} from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryNeuron, between } from './arbitraries.js'
import type { NeuronParameters } from './decimal-neuron.js'

/** A network that spikes, and what it is fed: groups in, a, b (LIF) and r (LI). */
export interface NetworkCase {
  readonly network: Network
  readonly trials: Trials
  /** One per trial, a unit of every group but the source. */
  readonly labels: Uint8Array
}

/** feedForward: in -> a -> b -> r. recurrent: delays > 0 on every cycle. immediate: a cycle a -> b -> a without delay. */
export type Wiring = 'feedForward' | 'recurrent' | 'immediate'

export const UNTIL = 40

/** Times on a coarse grid meet one another; times off it don't. */
export const delayTime = fc.oneof(fc.constantFrom(0, 0.5, 1, 2), between(0, 5))
const cycleTime = fc.oneof(fc.constantFrom(0.5, 1, 2), between(0.4, 5))
const inputTime = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((k) => k / 2),
  between(0, 30),
)

const listOf = <T>(entry: fc.Arbitrary<T>, count: number) => fc.array(entry, { minLength: count, maxLength: count })

export function lifGroup(size: number): fc.Arbitrary<GroupSpec> {
  return listOf(arbitraryNeuron({ biasUpTo: 0.7 }), size).map((neurons) => {
    const column = (field: keyof NeuronParameters) => neurons.map((neuron) => neuron[field])
    const fields = [
      'tauMem',
      'tauSynExc',
      'tauSynInh',
      'bias',
      'threshold',
      'vReset',
      'refractory',
      'adaptStep',
    ] as const
    const columns = Object.fromEntries([...fields, 'tauAdapt' as const].map((field) => [field, column(field)]))
    return lif(size, columns as unknown as Parameters<typeof lif>[1])
  })
}

/** Strong enough for a few arrivals to lift V over theta, whatever the number of sources; some inhibit. */
export const forthWeight = (sources: number) => {
  const scale = Math.min(1, 4 / sources)
  return fc.oneof({ weight: 4, arbitrary: between(0, 6 * scale) }, { weight: 1, arbitrary: between(-3 * scale, 0) })
}

/** Excitation around a cycle stays below one spike per spike, else activity would never stop growing. */
const backWeight = (sources: number) => {
  return fc.oneof(
    { weight: 1, arbitrary: between(0, 0.2 / sources) },
    { weight: 1, arbitrary: between(-4 / sources, 0) },
  )
}

export function connection(
  from: string,
  to: string,
  [sources, targets]: readonly [number, number],
  { time, weight }: { time: fc.Arbitrary<number>; weight: fc.Arbitrary<number> },
): fc.Arbitrary<Connection> {
  const matrix = fc
    .array(fc.oneof({ weight: 9, arbitrary: weight }, { weight: 1, arbitrary: fc.constant(null) }), {
      minLength: sources * targets,
      maxLength: sources * targets,
    })
    .map((flat) => Array.from({ length: targets }, (_, t) => flat.slice(t * sources, (t + 1) * sources)))
  const sparse = fc.array(fc.tuple(fc.nat(sources - 1), fc.nat(targets - 1), weight, time), {
    minLength: 1,
    maxLength: 2 * targets,
  })
  const shared = fc.oneof(time, listOf(time, sources).map(perSource))
  const own = listOf(time, sources * targets).map(perSynapse)
  const joined = (pattern: Pattern, delay?: ConnectOptions['delay']) =>
    connect(from, to, pattern, delay === undefined ? {} : { delay })
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(matrix, fc.oneof(shared, own)).map(([w, d]) => joined(dense(w), d)) },
    { weight: 1, arbitrary: sparse.map((list) => joined(synapses(list))) },
  )
}

function trialsFor(sources: number): fc.Arbitrary<Trials> {
  const spike = fc.record({ time: inputTime, unit: fc.nat(sources - 1) })
  const trial = fc.array(spike, { maxLength: 12, size: 'max' })
  return fc.array(trial, { minLength: 1, maxLength: 4 }).map((trials) => {
    return { count: trials.length, until: UNTIL, inputs: { in: trainsOf(trials) } }
  })
}

const small = fc.integer({ min: 1, max: 4 })
const smallOrTwoBlocks = fc.oneof({ weight: 7, arbitrary: small }, { weight: 1, arbitrary: fc.constantFrom(33, 35) })

export function networkCase(wiring: Wiring): fc.Arbitrary<NetworkCase> {
  return fc
    .record({ sources: small, a: wiring === 'immediate' ? small : smallOrTwoBlocks, b: small })
    .chain((sizes) => {
      const { sources, a, b } = sizes
      const forth = wiring === 'immediate' ? fc.constant(0) : delayTime
      const edge = (from: string, to: string, size: readonly [number, number], time = delayTime) =>
        connection(from, to, size, { time, weight: forthWeight(size[0]) })
      const edges = [
        edge('in', 'a', [sources, a]),
        edge('a', 'b', [a, b], forth),
        edge('in', 'b', [sources, b]),
        edge('a', 'b', [a, b]),
        edge('b', 'r', [b, 2]),
        edge('a', 'r', [a, 2]),
      ]
      const cycle = (from: string, to: string, size: readonly [number, number], time = cycleTime) =>
        connection(from, to, size, { time, weight: backWeight(size[0]) })
      const back = wiring === 'immediate' ? fc.constant(0) : cycleTime
      const cycles = [cycle('b', 'a', [b, a], back), cycle('a', 'a', [a, a]), cycle('b', 'b', [b, b])]
      return fc.record({
        sizes: fc.constant(sizes),
        a: lifGroup(a),
        b: lifGroup(b),
        connections: fc.tuple(...edges, ...(wiring === 'feedForward' ? [] : cycles)),
        kept: fc.nat(7),
        trials: trialsFor(sources),
      })
    })
    .map(({ sizes, a, b, connections, kept, trials }) => {
      const groups: Record<string, GroupSpec> = {
        in: source(sizes.sources),
        a,
        b,
        r: li(2, { tauMem: 20, tauSynExc: 5, tauSynInh: 8, bias: 0.02 }),
      }
      const optional = new Set([3, 7, 8].filter((_, k) => ((kept >> k) & 1) === 0))
      const projections = connections.filter((_, k) => !optional.has(k))
      const network: Network = defineNetwork({ groups, projections })
      return {
        network,
        trials,
        labels: Uint8Array.from({ length: trials.count }, (_, k) => k % Math.min(2, sizes.a, sizes.b)),
      }
    })
}

/** One trial of a mini-batch, alone. */
export function trialAlone(trains: SpikeTrains, trial: number): SpikeTrains {
  return trialsOf(trains, { start: trial, end: trial + 1 })
}
