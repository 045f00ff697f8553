import type { EnergyFigure, Figure, Provenance } from './figure.js'

/** How cores, or chips, are joined. Of a crossbar all cores are alike near: they are one tile. */
export type Topology = 'mesh' | 'torus' | 'hexagonalTorus' | 'crossbar'

/** Where facts that are no figures come from. */
export interface Sourced {
  readonly provenance: Provenance
  readonly source: string
}

/**
 * The cores of one chip. Core k is in tile t = floor(k / coresPerTile); the tile lies in column floor(t / rows), row
 * t mod rows (`column-major`), or in column t mod columns, row floor(t / columns) (`row-major`). +x is east, +y north.
 */
export interface ChipLayout extends Sourced {
  /** Of its tiles. */
  readonly topology: Topology
  /** Tiles from west to east. */
  readonly columns: number
  /** Tiles from south to north. */
  readonly rows: number
  readonly coresPerTile: number
  readonly tileOrder: 'column-major' | 'row-major'
  /** Memory for synapses that the cores of a chip share, beside that of each; bit. */
  readonly sharedSynapseBits: Figure
}

/** Chips beside each other; chip c is in column c mod columns, row floor(c / columns). */
export interface ChipArray extends Sourced {
  readonly topology: Topology
  readonly columns: number
  readonly rows: number
  /** Chips on a board. */
  readonly perBoard: Figure
}

/** How packets find their way. */
export interface ChipRouting extends Sourced {
  /** First along x and then along y, or first along the axis in which the way is longest. */
  readonly order: 'xy' | 'longestFirst'
  /** One packet per spike that branches on its way; else one per core that has a target. */
  readonly multicast: boolean
  /** Entries of the routing table of a chip. */
  readonly tableEntries: Figure
}

/** What a core has for synapses: a list of `bits` bits, axons crossing neurons, or a number; null: unknown. */
export type SynapseMemory =
  | { readonly kind: 'list'; readonly bits: Figure }
  | { readonly kind: 'crossbar'; readonly rows: Figure; readonly columns: Figure; readonly axonTypes: Figure }
  | { readonly kind: 'count'; readonly synapses: Figure }
  | null

/** What a core has room for. */
export interface CoreLimits {
  /** Neurons, sources apart. */
  readonly neurons: Figure
  readonly synapses: SynapseMemory
  /** Distinct source units with a target on the core. */
  readonly axonsIn: Figure
  /** Destination cores, summed over the units of the core. */
  readonly axonsOut: Figure
  /** Destination cores of one unit; null: as many as the core has axons out. */
  readonly axonsOutPerUnit: Figure
}

/** How numbers are held; bits of memory, where nothing else is said. A range is what a user can choose from. */
export interface ChipFormats {
  /** Of a weight, its sign included. */
  readonly weightBits: Figure
  /** Different weights there are. */
  readonly weightLevels: Figure
  /** Of a synapse's delay. */
  readonly delayBits: Figure
  readonly delayMinTicks: Figure
  /** 0: the chip has no delays. */
  readonly delayMaxTicks: Figure
  /** Of a synapse's target. */
  readonly targetBits: Figure
  readonly thresholdBits: Figure
  readonly decayBits: Figure
  /** Of a packet without its payload. */
  readonly packetBits: Figure
  /** 0: packets carry nothing, so gradients cannot travel. */
  readonly payloadBits: Figure
}

/** Time to close a step on `chips` chips. */
export interface BarrierPoint {
  readonly chips: number
  /** ns. */
  readonly time: Figure
}

/** Time to close a step on one chip with at least `tiles` tiles in use. */
export interface TileBarrierPoint {
  readonly tiles: number
  /** ns. */
  readonly time: Figure
}

/** The chip's time. `stepped`: everything happens at ticks; `continuous`: nothing waits for the others. */
export interface ChipTime {
  readonly mode: 'stepped' | 'continuous'
  /** Model time of a tick, ms; null where time is continuous. */
  readonly tick: Figure
  /** Model time over the chip's. */
  readonly speedup: Figure
  /** The shortest step, ns. */
  readonly step: Figure
  /** In ascending order of chips; linear between two points. */
  readonly barrier: readonly BarrierPoint[]
  /**
   * On one chip, in ascending order of tiles, where it depends on them: the last point with as many tiles as are in use, or
   * fewer; the first one below it. Empty: `barrier` says what one chip takes.
   */
  readonly tileBarrier: readonly TileBarrierPoint[]
}

/** The costs of events in pJ, and of being switched on in W. */
export interface ChipEnergy {
  /** A synapse that a spike arrives at. */
  readonly synapse: EnergyFigure
  /** The same backward. */
  readonly synapseBackward: EnergyFigure
  readonly weightUpdate: EnergyFigure
  /** A placed neuron in a step. */
  readonly idle: EnergyFigure
  /** The increment over `idle` of a neuron that is updated in a step. */
  readonly neuronUpdate: EnergyFigure
  /** The increment of a neuron that spikes. */
  readonly spikeOut: EnergyFigure
  /** A packet that leaves its core, also to the core itself. */
  readonly packetOut: EnergyFigure
  /** A packet to a core of its own tile. */
  readonly spikeInTile: EnergyFigure
  /** A packet along a link east or west. */
  readonly hopX: EnergyFigure
  /** A packet along a link north or south. */
  readonly hopY: EnergyFigure
  /** A packet along a link between chips. */
  readonly chipCrossing: EnergyFigure
  /** A bit of a packet in a router, pJ/bit: along h links it passes h + 1 routers. */
  readonly routerBit: EnergyFigure
  /** A chip, idle, W. */
  readonly staticPerChip: EnergyFigure
  /** A core in use, on top, W. */
  readonly staticPerActiveCore: EnergyFigure
  /** A board without its chips, W. */
  readonly staticPerBoard: EnergyFigure
}

/** How long events take, in ns, by the names of `ChipEnergy`. */
export interface ChipLatency {
  readonly synapse: Figure
  readonly idle: Figure
  readonly neuronUpdate: Figure
  readonly spikeOut: Figure
  readonly packetOut: Figure
  /** A packet that is taken in by the core where it ends, its synapses apart. */
  readonly packetIn: Figure
  readonly spikeInTile: Figure
  readonly hopX: Figure
  readonly hopY: Figure
  readonly chipCrossing: Figure
}

/** What links carry at most, in one direction. */
export interface ChipLinks {
  /** A link between neighbouring tiles. */
  readonly tilePacketsPerSecond: Figure
  readonly tileBitsPerSecond: Figure
  /** A link between neighbouring chips. */
  readonly chipPacketsPerSecond: Figure
  readonly chipBitsPerSecond: Figure
  /** All links of a chip to others together. */
  readonly allPacketsPerSecond: Figure
  readonly allBitsPerSecond: Figure
}

/** Deviations of a device from its configuration. */
export interface ChipNoise {
  /** Standard deviation of the thresholds, as a share of each. */
  readonly thresholdMismatch: Figure
  readonly weightMismatch: Figure
  readonly delayMismatch: Figure
  /** Standard deviation of the times at which spikes arrive, over the synaptic time constant of their target. */
  readonly jitter: Figure
  /** Probability that a spike is lost. */
  readonly spikeLoss: Figure
}

/** A core that is not used. */
export interface DeadCore {
  readonly chip: number
  readonly core: number
}

/** A link that is not used, in neither direction; tiles are counted over all chips, of a crossbar the chips. */
export interface DeadLink {
  readonly x: number
  readonly y: number
  readonly towards: 'east' | 'north' | 'northeast'
}

/**
 * A chip as data: its layout, what fits, what things cost. Every figure says where it comes from; null means that nothing
 * is known. The chips of the package are files of its folder `chips`, and others are read from such files.
 */
export interface ChipProfile {
  readonly name: string
  /** What the author has to say. */
  readonly comments: readonly string[]
  readonly chip: ChipLayout
  readonly chips: ChipArray
  readonly routing: ChipRouting
  readonly core: CoreLimits
  readonly formats: ChipFormats
  readonly time: ChipTime
  readonly energy: ChipEnergy
  readonly latency: ChipLatency
  readonly links: ChipLinks
  readonly noise: ChipNoise
  readonly deadCores: readonly DeadCore[]
  readonly deadLinks: readonly DeadLink[]
}

/** Cores of a chip. */
export function coresPerChip({ chip }: ChipProfile): number {
  return chip.columns * chip.rows * chip.coresPerTile
}

/** Chips there are. */
export function chipCount({ chips }: ChipProfile): number {
  return chips.columns * chips.rows
}
