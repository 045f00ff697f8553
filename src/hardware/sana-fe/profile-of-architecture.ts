import type { ChipLatency, ChipProfile, DeadCore } from '../profile/chip-profile.js'
import type { EnergyFigure, Figure, KnownFigure } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { readProfile } from '../profile/profile-readers.js'
import type { Architecture, ArchitectureTile, HopDirection } from './read-architecture.js'
import type { ArchitectureCore, UnitCosts } from './read-core.js'

type What = 'energy' | 'latency'

/** Of SI units: pJ and ns. */
const UNITS = { energy: { unit: 'pJ', factor: 1e12 }, latency: { unit: 'ns', factor: 1e9 } } as const

interface ProfileAndNotes {
  readonly profile: ChipProfile
  readonly notes: readonly string[]
}

/** @param file where it comes from, as figures say */
export function profileOfArchitecture(architecture: Architecture, file: string | undefined): ProfileAndNotes {
  const { name, sync, tiles } = architecture
  const from = `an architecture of SANA-FE${file === undefined ? '' : `, ${file}`}`
  const cores = tiles.flatMap((tile) => tile.cores)
  const source = (fields: string) => ({ provenance: 'assumed', source: `${from}: ${fields}` }) as const
  const layout = layoutOf(architecture)
  const own = (what: What) => figuresOf(tiles, cores, what, from)
  const { energy, latency } = { energy: own('energy'), latency: own('latency') }
  const neurons = Math.min(...cores.map((core) => core.neurons))
  const known = readProfile({
    name,
    comments: [`From ${from}. Its figures are what the file says; provenance and stage are not in it.`],
    chip: { topology: 'mesh', ...layout.chip, tileOrder: 'column-major', ...source('width, height, tile, core') },
    chips: { topology: 'mesh', ...source('one chip') },
    routing: { order: 'xy', multicast: false, ...source('first along x; one packet for each core with a target') },
    core: { neurons: { value: neurons, unit: 'neurons', ...source('max_neurons_supported') } },
    time: {
      mode: 'stepped',
      tick: { value: 1, unit: 'ms', ...source('no model time of a step; a millisecond is assumed') },
      speedup: { value: 1, unit: '1', ...source('steps wait for their tick, which is assumed') },
      tileBarrier: sync.map(({ tiles: count, time }) => ({
        tiles: count,
        time: figure([time], 'latency', `${from}: latency_sync`),
      })),
    },
    energy: { ...energy, packetOut: messages(cores, from), spikeInTile: inTile('energy', from) },
    latency: { ...latency, spikeInTile: inTile('latency', from) },
    deadCores: layout.deadCores,
  })
  const profile = defineChipProfile(known)
  return { profile, notes: [...notesOf(architecture, cores), ...differing(profile)] }
}

type Figures = Partial<Record<keyof ChipLatency, Figure>>

function figuresOf(
  tiles: readonly ArchitectureTile[],
  cores: readonly ArchitectureCore[],
  what: What,
  from: string,
): Figures {
  const all = (costsOf: (core: ArchitectureCore) => UnitCosts) => cores.flatMap((core) => costsOf(core)[what])
  const hops = (...directions: readonly HopDirection[]) =>
    tiles.flatMap((tile) => directions.map((direction) => tile[what][direction]))
  const named = (numbers: readonly number[], fields: string) => figure(numbers, what, `${from}: ${fields}`)
  const perEvent = cores.flatMap((core) => sums(core.synapse[what], waits(core, 'dendrite') ? [] : core.dendrite[what]))
  const perStep = cores.flatMap((core) => sums(core.access[what], updatesDendrite(core) ? core.dendrite[what] : []))
  const measured: Figures = {
    synapse: named(perEvent, `${what}_process_spike of a synapse, ${what}_update of a dendrite before the buffer`),
    idle: named(perStep, `${what}_access_neuron of a soma, ${what}_update of a dendrite behind the buffer`),
    neuronUpdate: named(
      all((core) => core.update),
      `${what}_update_neuron of a soma`,
    ),
    spikeOut: named(
      all((core) => core.spikeOut),
      `${what}_spike_out of a soma`,
    ),
    hopX: named(hops('east', 'west'), `${what}_east_hop, ${what}_west_hop`),
    hopY: named(hops('north', 'south'), `${what}_north_hop, ${what}_south_hop`),
  }
  if (what === 'energy') return measured
  return {
    ...measured,
    packetOut: named(
      all((core) => core.messageOut),
      'latency_message_out',
    ),
    packetIn: named(
      all((core) => core.messageIn),
      'latency_message_in',
    ),
  }
}

/** A packet is taken in by one core, so what that costs is a part of what the packet costs. */
function messages(cores: readonly ArchitectureCore[], from: string): Figure {
  const numbers = cores.flatMap(({ messageOut, messageIn }) => sums(messageOut.energy, messageIn.energy))
  return figure(numbers, 'energy', `${from}: energy_message_out and energy_message_in`)
}

function inTile(what: What, from: string): Figure {
  return figure([0], what, `${from}: hops between tiles only`)
}

/** The first number, and from the least to the most where they differ; null for none. */
function figure(numbers: readonly number[], what: What, source: string): KnownFigure | null {
  const { unit, factor } = UNITS[what]
  const values = numbers.map((value) => Number((value * factor).toPrecision(12)))
  const [value] = values
  if (value === undefined) return null
  const range = [Math.min(...values), Math.max(...values)] as const
  return {
    ...{ value, unit, provenance: 'assumed', source },
    ...(what === 'energy' ? { kind: 'marginal' } : {}),
    ...(range[0] < range[1] ? { range } : {}),
  }
}

/** The first of both together, then the least and the most; where one has none, the other. */
function sums(a: readonly number[], b: readonly number[]): readonly number[] {
  const [first, second] = [a[0], b[0]]
  if (first === undefined || second === undefined) return [...a, ...b]
  return [first + second, Math.min(...a) + Math.min(...b), Math.max(...a) + Math.max(...b)]
}

/** Whether what arrives waits for the end of the step before it reaches a unit. */
function waits({ buffer }: ArchitectureCore, unit: 'dendrite' | 'soma'): boolean {
  const order = ['dendrite', 'soma', 'axon_out'] as const
  const [at, of] = [order.indexOf(buffer.position), order.indexOf(unit)]
  return at < of || (at === of && !buffer.isInside)
}

function updatesDendrite({ buffer }: ArchitectureCore): boolean {
  return buffer.position === 'dendrite'
}

/** The tiles there are, as few columns as they take, and what is missing of these. */
function layoutOf({ height, tiles }: Architecture): {
  readonly chip: Pick<ChipProfile['chip'], 'columns' | 'rows' | 'coresPerTile'>
  readonly deadCores: readonly DeadCore[]
} {
  const count = tiles.reduce((sum, tile) => sum + tile.count, 0)
  const columns = Math.ceil(count / height)
  const rows = columns === 1 ? count : height
  const coresOf = ({ cores }: ArchitectureTile) => cores.reduce((sum, core) => sum + core.count, 0)
  const coresPerTile = Math.max(...tiles.map(coresOf))
  const deadCores: DeadCore[] = []
  let first = 0
  for (const tile of [...tiles, { count: columns * rows - count, cores: [] }]) {
    const own = coresOf(tile as ArchitectureTile)
    for (let k = first; own < coresPerTile && k < first + tile.count; k++)
      for (let slot = own; slot < coresPerTile; slot++) deadCores.push({ chip: 0, core: k * coresPerTile + slot })
    first += tile.count
  }
  return { chip: { columns, rows, coresPerTile }, deadCores }
}

/** Figures of which a profile has one, and the file several. */
function differing({ energy, latency }: ChipProfile): readonly string[] {
  return Object.entries({ energy, latency }).flatMap(([part, figures]) =>
    (Object.entries(figures) as [string, EnergyFigure][]).flatMap(([name, each]) => {
      if (each === null || !('value' in each) || each.range === undefined) return []
      const { value, unit, range } = each
      return [
        `${part}.${name} is ${value} ${unit}, of the first unit; others have from ${range[0]} to ${range[1]} ${unit}`,
      ]
    }),
  )
}

function notesOf(
  { topology, tiles, width, height }: Architecture,
  cores: readonly ArchitectureCore[],
): readonly string[] {
  const notes: string[] = []
  if (topology !== 'mesh') notes.push(`topology: "${topology}", which SANA-FE takes for a mesh, is one in the profile`)
  const count = tiles.reduce((sum, tile) => sum + tile.count, 0)
  if (count < width * height)
    notes.push(`${width} x ${height} places for tiles, of which the profile has the ${count} with a tile`)
  if (new Set(cores.map(({ neurons }) => neurons)).size > 1)
    notes.push('max_neurons_supported differs from core to core; every core of the profile has the least of them')
  for (const { place, value } of cores.flatMap(({ inputs }) => inputs))
    if (value > 0) notes.push(`${place}: ${value} of an input; sources cost nothing in a profile but their packets`)
  if (cores.some((core) => !waits(core, 'soma')))
    notes.push('a soma that is accessed at every synaptic event; in a profile it is once in a step')
  return notes
}
