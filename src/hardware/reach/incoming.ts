import { expectedSynapses, type RuleShape } from '../../network/description/connection-rule.js'
import type { Network, Projection } from '../../network/description/network.js'
import { type DrawRows, drawsOfFirstBlocks, drawsOfRun, type TellDone } from './drawn-rows.js'
import { type Rows, rowsOf } from './rows.js'
import { quietChance } from './rule-chances.js'

/** What one projection brings to the neurons of a group. */
export interface Incoming {
  readonly source: string
  /** Synapses into a neuron; a mean where they are not drawn. */
  synapsesOf(neuron: number): number
  readonly axons: IncomingAxons
}

/** Which source units a neuron has synapses from: all but some, those of a list, its own number, or a matter of chance. */
export type IncomingAxons =
  | { readonly kind: 'dense'; readonly absent: Rows | null }
  | { readonly kind: 'listed'; readonly rows: Rows }
  | { readonly kind: 'oneToOne' }
  | { readonly kind: 'chance'; quiet(neurons: number): number }

/**
 * What comes into every group, projection by projection; rules are drawn if there is a seed.
 *
 * @param tell called with the number of synapses of rules that are drawn, where there are many
 */
export function incomingOf(
  network: Network,
  seed: number | null,
  tell: TellDone = () => undefined,
): ReadonlyMap<string, readonly Incoming[]> {
  return incomingBy(network, seed === null ? null : drawsOfRun(network, seed, tell))
}

/** What surely comes into the first block of every group, in little time; of all other neurons rules draw nothing. */
export function incomingOfFirstBlocks(network: Network, seed: number): ReadonlyMap<string, readonly Incoming[]> {
  return incomingBy(network, drawsOfFirstBlocks(seed))
}

function incomingBy(network: Network, draw: DrawRows | null): ReadonlyMap<string, readonly Incoming[]> {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const all = new Map<string, Incoming[]>(network.groups.map(({ name }) => [name, []]))
  for (const projection of network.projections) {
    const { source, target } = projection
    const shape = { sources: sizes.get(source) ?? 0, targets: sizes.get(target) ?? 0, isRecurrent: source === target }
    all.get(target)?.push(projected(projection, shape, draw))
  }
  return all
}

function projected(projection: Projection, shape: RuleShape, draw: DrawRows | null): Incoming {
  const { source, connectivity, key } = projection
  const { sources, targets } = shape
  if (connectivity.kind === 'dense') {
    const { absent } = connectivity
    if (absent.length === 0) return { source, synapsesOf: () => sources, axons: { kind: 'dense', absent: null } }
    const ofNeurons = Uint32Array.from(absent, (pair) => Math.floor(pair / sources))
    const rows = rowsOf(targets, ofNeurons, (k) => (absent[k] as number) % sources)
    return { source, synapsesOf: (t) => sources - lengthOf(rows, t), axons: { kind: 'dense', absent: rows } }
  }
  if (connectivity.kind === 'synapses') {
    const rows = rowsOf(targets, connectivity.targets, (s) => connectivity.sources[s] as number)
    return listed(source, rows)
  }
  const { rule } = connectivity
  if (rule.rule === 'oneToOne') return { source, synapsesOf: () => 1, axons: { kind: 'oneToOne' } }
  if (draw !== null) return listed(source, draw(rule, shape, `${key}/connect`))
  const mean = expectedSynapses(rule, shape, 1)
  return { source, synapsesOf: () => mean, axons: { kind: 'chance', quiet: quietChance(rule, shape) } }
}

function listed(source: string, rows: Rows): Incoming {
  return { source, synapsesOf: (t) => lengthOf(rows, t), axons: { kind: 'listed', rows } }
}

function lengthOf({ offsets }: Rows, neuron: number): number {
  return (offsets[neuron + 1] as number) - (offsets[neuron] as number)
}
