import fc from 'fast-check'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Slice } from '../../src/network/blocks.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { type LifParameters, li, lif, source } from '../../src/network/groups.js'
import { normal, uniform } from '../../src/network/initializers.js'
import type { Network } from '../../src/network/network.js'
import {
  type ConnectOptions,
  connect,
  dense,
  type Pattern,
  perSource,
  perSynapse,
  synapses,
} from '../../src/network/projections.js'
import { trainsOf } from '../learning/trains.js'
import { between } from './arbitraries.js'
import type { Cutting } from './drive-kernel.js'
import { denseWithNulls, nulls } from './null-weights.js'

/** A group x of several blocks with three projections from a source of several blocks, and ways to cut both. */
export interface LargeKernelCase {
  readonly network: Network
  readonly seed: number
  /** One train per projection. */
  readonly trains: readonly SpikeTrains[]
  readonly trials: number
  readonly until: number
  readonly sources: number
  readonly size: number
  readonly targetSlices: readonly Slice[]
  readonly sourceSlices: readonly Slice[]
}

/** Slices of a group of any size, cut between blocks of 32. */
export function slicesOf(size: number): fc.Arbitrary<readonly Slice[]> {
  const inner = Array.from({ length: Math.ceil(size / 32) - 1 }, (_, k) => 32 * (k + 1))
  const cut = fc.subarray(inner, { minLength: Math.min(1, inner.length) })
  return fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 4, arbitrary: cut }).map((cuts) => {
    const edges = [0, ...cuts, size]
    return edges.slice(1).map((end, k) => ({ start: edges[k]!, end }))
  })
}

/** Ways to cut a run of a kernel into windows and batches at any instants. */
export function anyCutting(until: number): fc.Arbitrary<Cutting> {
  const cuts = fc
    .array(between(0.01, until - 0.01), { maxLength: 5 })
    .map((list) => [...new Set(list)].sort((a, b) => a - b))
  return fc.record({
    horizons: cuts,
    batches: fc.array(cuts, { minLength: 12, maxLength: 12 }),
    arrival: fc.constantFrom('early' as const, 'late' as const),
  })
}

const DRAWN_TAUS = [
  { tauMem: uniform(8, 25), tauSyn: uniform(3, 9) },
  { tauMem: uniform(8, 25), tauSynExc: uniform(3, 9), tauSynInh: uniform(5, 12) },
]

const COMMON_TAUS = [5, 10, 7, 20].map((tauSyn) => ({ tauMem: 20, tauSyn }))

const LIF = {
  threshold: uniform(0.5, 1.2),
  vReset: uniform(-0.5, 0.3),
  bias: uniform(-0.1, 0.4),
  refractory: uniform(0, 4),
  tauAdapt: uniform(10, 60),
  adaptStep: uniform(0, 0.4),
}

function delayOption(sources: number, targets: number): fc.Arbitrary<ConnectOptions> {
  const time = between(0, 4)
  const listed = fc.array(time, { minLength: sources, maxLength: sources })
  return fc.oneof(
    fc.constant({}),
    fc.oneof(time, fc.constant(1)).map((delay) => ({ delay })),
    fc.oneof(listed, fc.constant(uniform(0, 4))).map((delay) => ({ delay: perSource(delay) })),
    fc
      .constantFrom(
        uniform(0, 4),
        Array.from({ length: targets * sources }, (_, k) => (k % 9) / 2),
      )
      .map((delay) => {
        return { delay: perSynapse(delay) }
      }),
  )
}

/** 'dense': every group suits the SIMD kernel. */
export type LargeKind = 'any' | 'dense'

function pattern(sources: number, targets: number, of: LargeKind): fc.Arbitrary<Pattern> {
  const scale = 12 / sources
  const weights = normal(0.6 * scale, scale)
  const rows = Array.from({ length: targets }, (_, t) =>
    Array.from({ length: sources }, (_, s) =>
      of === 'any' && (t + 2 * s) % 7 === 0 ? null : scale * (((t * 13 + s * 5) % 8) - 2),
    ),
  )
  if (of === 'dense') {
    const withNulls = fc.tuple(nulls, fc.nat()).map(([kind, seed]) => {
      return denseWithNulls([0.6 * scale, scale], { sources, targets }, kind, seed)
    })
    return fc.oneof(fc.constantFrom(dense(weights), dense(rows)), withNulls)
  }
  const synapse = fc.tuple(fc.nat(sources - 1), fc.nat(targets - 1), between(-2, 5), between(0, 4))
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(dense(weights), dense(rows)) },
    { weight: 1, arbitrary: fc.array(synapse, { minLength: 1, maxLength: 2 * targets, size: 'max' }).map(synapses) },
  )
}

export function largeKernelCase(kind: 'lif' | 'li', of: LargeKind = 'any'): fc.Arbitrary<LargeKernelCase> {
  const until = 24
  return fc
    .record({
      size: fc.integer({ min: 33, max: 100 }),
      sources: fc.oneof(fc.constant(5), fc.integer({ min: 33, max: 80 })),
    })
    .chain(({ size, sources }) => {
      const time = fc.oneof(
        fc.integer({ min: 0, max: 40 }).map((k) => k / 2),
        between(0, 20),
      )
      const trial = fc.array(fc.record({ time, unit: fc.nat(sources - 1) }), { maxLength: 14, size: 'max' })
      const edge = fc.tuple(pattern(sources, size, of), delayOption(sources, size)).map(([joined, options]) => {
        return connect('in', 'x', joined, joined.kind === 'synapses' ? {} : options)
      })
      return fc.record({
        size: fc.constant(size),
        sources: fc.constant(sources),
        seed: fc.nat(),
        edges: fc.tuple(edge, edge, edge),
        taus: of === 'dense' ? fc.constantFrom(...COMMON_TAUS) : fc.constantFrom(...DRAWN_TAUS),
        trains: fc.array(fc.tuple(trial, trial, trial), { minLength: 1, maxLength: 3 }),
        targetSlices: slicesOf(size),
        sourceSlices: slicesOf(sources),
      })
    })
    .map(({ taus, edges, trains, ...sample }) => {
      const { size, sources } = sample
      const held = of === 'dense' ? { refractory: 0, tauAdapt: 30 } : {}
      const x =
        kind === 'lif'
          ? lif(size, { ...LIF, ...held, ...taus } as LifParameters)
          : li(size, { bias: LIF.bias, ...taus } as Parameters<typeof li>[1])
      const network = defineNetwork({ groups: { in: source(sources), x }, projections: edges })
      const shifted = [0, 1, 2].map((p) => trainsOf(trains.map((trial) => trial[p]!)))
      return { ...sample, network, trains: shifted, trials: trains.length, until }
    })
}
