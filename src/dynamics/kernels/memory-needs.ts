import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import type { Network, Projection } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { chooseKernels, type KernelChoice } from './choose-kernel.js'
import type { KernelKind } from './kernel-kind.js'
import { rowsOf } from './lane-group-rows.js'
import { LANE_COUNT } from './wasm/schema/records.js'
import { PLACED_RECORD, SHORT_RECORD } from './wasm/schema/window-records.js'

/** What the neurons of a group that one core holds need, in bytes; what spikes and trials need comes on top. */
export interface MemoryNeed extends GroupSlice {
  /** Of address space, in the memory of the group's kernel. */
  readonly kernel: number
  /** Of memory, all in all. */
  readonly all: number
}

/** The bytes of a synapse that is listed, and of its own delay: as values of the network, and as an entry of the kernel. */
const LISTED = { synapse: 16 + 20, delay: 8 }
/** In the memory of a kernel: a parameter and its gradient, and the optimiser's means, which take no room until it is used. */
const PARAMETER = { taken: 8, reserved: { shared: 8, own: 8 + 16 } }
/**
 * Of a row of weights in the SIMD kernel, for each neuron: the weight; where each neuron has arrivals of its own, what
 * follows from the delay.
 */
const PLACE = { shared: 8, own: 8 + 5 * 8 }
/** Of the same, what takes no room until it is used: where arrivals are shared, the gradient and the optimiser's means. */
const ROW_PLACE = { shared: 8 + 16, own: 0 }

/**
 * The minimum memory that the groups of neurons on a core need before anything is run, computed from the description of
 * the network: the mean stands for a random number of synapses.
 *
 * @param slices of the core
 */
export function memoryNeeds(network: Network, kernel: KernelKind, slices: readonly GroupSlice[]): MemoryNeed[] {
  const choices = new Map(chooseKernels(network, kernel).map((choice) => [choice.group, choice]))
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  return slices.flatMap((slice) => {
    const choice = choices.get(slice.group)
    if (choice === undefined) return []
    const incoming = network.projections.filter(({ target }) => target === slice.group)
    const needs = incoming.map((projection) => needOf(projection, choice, slice, sizes))
    return [{ ...slice, kernel: sumOf(needs, ({ kernel }) => kernel), all: sumOf(needs, ({ all }) => all) }]
  })
}

function needOf(
  projection: Projection,
  { engine, feed }: KernelChoice,
  { start, end }: GroupSlice,
  sizes: ReadonlyMap<string, number>,
): Pick<MemoryNeed, 'kernel' | 'all'> {
  const { source, target, delays, connectivity } = projection
  const [sources, targets] = [sizes.get(source) ?? 0, sizes.get(target) ?? 0]
  const ends = { sources, targets }
  const all = connectivity.kind === 'dense' ? sources * targets : connectivityOf(projection).count(ends)
  const synapses = (all * (end - start)) / targets
  const hasDelays = delays.kind === 'perSynapse'
  const parameters = hasDelays ? 2 * synapses : synapses
  const listed = LISTED.synapse * synapses + (hasDelays ? LISTED.delay * synapses : 0)
  if (engine === 'window') {
    const kernel = recordBytes(projection) * synapses
    return { kernel, all: connectivity.kind === 'rule' ? kernel : listed + kernel }
  }
  if (engine === 'reference' || engine === 'actor') return { kernel: 0, all: listed + 2 * PARAMETER.taken * parameters }
  const places = rowsOf(projection, ends, Number.POSITIVE_INFINITY) * LANE_COUNT * Math.ceil((end - start) / LANE_COUNT)
  const fed = feed ?? 'shared'
  const taken = PARAMETER.taken * parameters + PLACE[fed] * places
  return { kernel: taken + PARAMETER.reserved[fed] * parameters + ROW_PLACE[fed] * places, all: listed + taken }
}

/** Of a synapse in the window kernel: see `buildSourceRows` and `PLACED_RECORD`. */
function recordBytes({ connectivity, weights, delays }: Projection): number {
  const hasDelay = delays.kind === 'perSynapse'
  if (connectivity.kind !== 'rule') return hasDelay ? PLACED_RECORD.size : PLACED_RECORD.at.delay
  const hasWeight = typeof weights !== 'number'
  return hasWeight || hasDelay ? 4 + 4 * Number(hasWeight) + 4 * Number(hasDelay) : SHORT_RECORD
}

function sumOf<Of>(records: readonly Of[], value: (record: Of) => number): number {
  return records.reduce((sum, record) => sum + value(record), 0)
}
