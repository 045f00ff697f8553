import fc from 'fast-check'
import { defineNetwork } from '../network/description/define-network.js'
import { source } from '../network/description/groups.js'
import type { GroupSpec, LifGroup, LiGroup, Network, Quantity } from '../network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  perSource,
  perSynapse,
  synapses,
} from '../network/description/projections.js'
import { isSpiking } from '../network/models/models.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { integerFrom } from '../network/reading/read-number.js'
import { wordOf } from '../network/reading/read-value.js'
import { arbitraryEmission } from './arbitrary-emission.js'
import { arbitraryLi, arbitraryLif } from './arbitrary-neurons.js'
import { between } from './between.js'
import { readPair } from './read-pair.js'

/** What generated networks may look like. */
export interface NetworkRange {
  /** Fewest and most groups of LIF neurons in a row; default [1, 3]. */
  readonly layers?: readonly [fewest: number, most: number]
  /** Most neurons of a group; default 5. */
  readonly neurons?: number
  /** Whether a LIF group may lead back to itself or an earlier one; default 'sometimes'. */
  readonly recurrence?: 'never' | 'sometimes' | 'always'
  /** 'li' adds a group of leaky integrators at the end; default 'none'. */
  readonly readout?: 'li' | 'none'
  /** Whether the group `input` is given its spikes or emits them by itself; default 'given'. */
  readonly input?: 'given' | 'emitting'
}

const READERS: Readers<NetworkRange> = {
  layers: readPair(1),
  neurons: integerFrom(1),
  recurrence: wordOf(['never', 'sometimes', 'always']),
  readout: wordOf(['li', 'none']),
  input: wordOf(['given', 'emitting']),
}

interface Layer {
  readonly name: string
  readonly group: GroupSpec
}

interface Neurons extends Layer {
  readonly group: LifGroup | LiGroup
}

/**
 * Layered networks whose neurons spike a handful of times on the input of `arbitraryTrials`.
 *
 * Groups: `input`, `layer1` … `layerN`, and `readout` if asked for. They differ in every mechanism there is: equal and
 * nearly equal time constants, one or two of them for synapses, bias, reset offset, refractory period, adaptation;
 * dense projections with gaps and synapse lists; delays of each shape; cycles, with delays or without. Every number is
 * written out, so the seed of a session does not matter, but for the spikes of an input that emits them by itself. Shrinks
 * to fewer and smaller groups.
 *
 * @example
 * fc.assert(fc.asyncProperty(arbitraryNetwork().chain(withTrials), async ({ network, trials }) => { … }))
 */
export function arbitraryNetwork(range: NetworkRange = {}): fc.Arbitrary<Network> {
  const {
    layers: [fewest, most] = [1, 3],
    neurons = 5,
    recurrence = 'sometimes',
    readout = 'none',
    input: given = 'given',
  } = readOptions(range, READERS, 'range')
  const size = fc.integer({ min: 1, max: neurons })
  const layers = fc
    .array(size.chain(arbitraryLif), { minLength: fewest, maxLength: most })
    .map((groups) => groups.map((group, k): Neurons => ({ name: `layer${k + 1}`, group })))
  const ends = fc.record({
    input: fc
      .integer({ min: 2, max: Math.max(2, neurons) })
      .chain((count) => (given === 'given' ? fc.constant(source(count)) : arbitraryEmission(count)))
      .map((group): Layer => named('input', group)),
    readout: readout === 'none' ? fc.constant([]) : size.chain(arbitraryLi).map((group) => [named('readout', group)]),
  })
  return fc.tuple(ends, layers).chain(([{ input, readout }, lifs]) => {
    const chain = [...lifs, ...readout]
    const forward = chain.map((target, k) => projection(chain[k - 1] ?? input, target, 'forward'))
    return fc
      .tuple(fc.tuple(...forward), skips(input, lifs), cycles(lifs, recurrence))
      .map((connections) => describe([input, ...chain], connections.flat()))
  })
}

const named = <Spec extends GroupSpec>(name: string, group: Spec) => ({ name, group })

function describe(layers: readonly Layer[], projections: readonly Connection[]): Network {
  return defineNetwork<Readonly<Record<string, GroupSpec>>>({
    groups: Object.fromEntries(layers.map(({ name, group }) => [name, group])),
    projections,
  })
}

/** Now and then a second projection from the input, past the first layer or beside it. */
function skips(input: Layer, lifs: readonly Neurons[]): fc.Arbitrary<readonly Connection[]> {
  return fc.array(
    fc.constantFrom(...lifs).chain((target) => projection(input, target, 'weak')),
    { maxLength: 1 },
  )
}

function cycles(
  lifs: readonly Neurons[],
  recurrence: 'never' | 'sometimes' | 'always',
): fc.Arbitrary<readonly Connection[]> {
  const pairs = lifs.flatMap((from, k) => lifs.slice(0, k + 1).map((to) => [from, to] as const))
  return fc.array(
    fc.constantFrom(...pairs).chain(([from, to]) => projection(from, to, 'weak')),
    { minLength: recurrence === 'always' ? 1 : 0, maxLength: recurrence === 'never' ? 0 : 2 },
  )
}

/** How much of the way to the threshold the spikes of a whole layer push: forward is meant to make spikes. */
const DRIVE = { forward: [0.4, 1.6], weak: [-0.6, 0.6] } as const

function projection(from: Layer, to: Neurons, strength: keyof typeof DRIVE): fc.Arbitrary<Connection> {
  const [sources, targets] = [from.group.size, to.group.size]
  const [low, high] = DRIVE[strength]
  const unit = unitWeight(to.group) / Math.sqrt(sources)
  const weight = fc.oneof(
    { weight: 6, arbitrary: between(low * unit, high * unit) },
    // Never near 0, where the sign chooses between two time constants.
    { weight: 1, arbitrary: between(0.1 * unit, 0.5 * unit).map((w) => -w) },
  )
  const row = fc.array(fc.option(weight, { freq: 12 }), { minLength: sources, maxLength: sources })
  const matrix = fc.array(row, { minLength: targets, maxLength: targets })
  const own = list(sources * targets).map(perSynapse)
  const delay = fc.oneof(fc.constant(undefined), time, list(sources).map(perSource), own)
  const entry = fc.tuple(fc.nat(sources - 1), fc.nat(targets - 1), weight, time)
  const entries = fc.array(entry, { minLength: 2 * targets, maxLength: 4 * targets, size: 'max' })
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(matrix, delay).map(([w, d]) => connect(from.name, to.name, dense(w), options(d))),
    },
    { weight: 1, arbitrary: entries.map((listed) => connect(from.name, to.name, synapses(listed))) },
  )
}

/** A delay in ms, far enough from 0 to be moved either way. */
const time = between(0.25, 5)
const list = (count: number) => fc.array(time, { minLength: count, maxLength: count })
const options = (delay: ConnectOptions['delay']): ConnectOptions => (delay === undefined ? {} : { delay })

/**
 * The weight w of which one spike lifts the voltage from rest to the threshold, roughly:
 *
 *     w = threshold / max kappa       max kappa = r^{1 / (1 - r)}, r = tauSyn / tauMem; 1 / e if equal
 */
function unitWeight(group: LifGroup | LiGroup): number {
  const ratio = middle(group.tauSyn ?? group.tauSynExc) / middle(group.tauMem)
  const peak = Math.abs(ratio - 1) < 1e-3 ? Math.exp(-1) : ratio ** (1 / (1 - ratio))
  return (isSpiking(group) ? middle(group.threshold) : 1) / peak
}

function middle(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity
  return 'distribution' in quantity ? 1 : quantity.reduce((sum, value) => sum + value, 0) / quantity.length
}
