import type { GroupSlice } from '../network/slices/group-slice.js'

/** What one core of a chip holds. */
export interface CorePlacement {
  /** 0, 1, 2, …: the core's place in `Placement.cores`. */
  readonly core: number
  /** Where it sits on the chip. */
  readonly column: number
  readonly row: number
  /** In the order of the network's groups; at most one slice of a group. */
  readonly slices: readonly GroupSlice[]
  /** Neurons (sources do not count) and synapses into them. */
  readonly neurons: number
  readonly synapses: number
}

/** A projection some of whose spikes leave their core. */
export interface CutProjection {
  readonly key: string
  /** Pairs of cores (source slice, target slice) that differ. */
  readonly crossings: readonly { readonly from: number; readonly to: number }[]
}

/** A cycle of groups that crosses a cut, and how far its cores may run ahead of each other. */
export interface CutCycle {
  /** The last group leads back to the first. */
  readonly groups: readonly string[]
  /** Smallest sum of delays and latencies around it in ms, from what the description says of them. */
  readonly lookahead: number
}

/** Which core holds which neurons; every neuron and source unit is on exactly one core. Cores that would be empty are left out. */
export interface Placement {
  readonly cores: readonly CorePlacement[]
  readonly cuts: readonly CutProjection[]
  readonly cycles: readonly CutCycle[]
  /**
   * How much later a spike from one core is known on another than it was sent, in ms: entry [from][to], 0 from a core to
   * itself. They are part of what is computed. Absent: everything is known at once, and placement never changes a result.
   */
  readonly latencies?: readonly (readonly number[])[]
}

/** What lies on one core of one chip. */
export interface PlacedCore {
  readonly chip: number
  readonly core: number
  /** Several may be of one group. */
  readonly slices: readonly GroupSlice[]
}

/** Which core of which chip holds which units; every neuron and source unit is on exactly one. Empty cores are left out. */
export interface ChipPlacement {
  /** The name of the chip's profile. */
  readonly profile: string
  /** How many chips there are. */
  readonly chips: { readonly columns: number; readonly rows: number }
  /** By chip, then by core; slices in the order of the groups, then of their units. */
  readonly cores: readonly PlacedCore[]
}
