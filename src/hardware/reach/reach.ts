import type { Network } from '../../network/description/network.js'
import type { SlicesPerCore } from '../slices.js'
import { type CoreMeter, createCoreMeter } from './core-meter.js'
import type { TellDone } from './drawn-rows.js'
import type { Incoming } from './incoming.js'
import { type Rows, rowOf, transposed } from './rows.js'

/** Which parts of a network, such as cores, hold targets of the units of a group. */
export interface Reach {
  /** Of each unit: the same number for units with targets in the same parts; 0: it has none. */
  readonly fanOf: Uint32Array
  /** The parts of a fan, ascending. */
  partsOf(fan: number): Uint32Array
}

/**
 * Where the spikes of every group have targets: a part holds a target of a unit if there is a synapse from it to a neuron of
 * the part, whatever its weight.
 *
 * @param parts the slices of each
 * @param incoming with all synapses drawn
 * @param tell called with the progress: half of the work is done once the source units of all parts are known
 */
export function reachOf(
  network: Network,
  parts: SlicesPerCore,
  incoming: ReadonlyMap<string, readonly Incoming[]>,
  tell: TellDone = () => undefined,
): ReadonlyMap<string, Reach> {
  const heard = new Map(network.groups.map(({ name }) => [name, parts.map(() => NO_PARTS)]))
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const meter = createCoreMeter(network, incoming)
  parts.forEach((slices, part) => {
    meter.hold(slices)
    for (const [source, units] of heardBy(meter, sizes)) (heard.get(source) as Uint32Array[])[part] = units
    tell(part + 1, 2 * parts.length)
  })
  const units = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  let before = 0
  return new Map(
    [...heard].map(([name, lists]) => {
      const size = sizes.get(name) as number
      const first = before
      before += size
      return [name, fansOf(transposed(lists, size), (done) => tell(units + first + done, 2 * units))]
    }),
  )
}

/** Number of units between two progress reports. */
const OFTEN = 1024

/** The units that the slices in a meter hear, by their group; those by chance as well. */
export function heardBy(meter: CoreMeter, sizes: ReadonlyMap<string, number>): ReadonlyMap<string, Uint32Array> {
  const reached = new Map<string, { all: boolean; readonly single: number[]; readonly absent: number[] }>()
  meter.tellAxons((source) => {
    const heard = { all: false, single: [] as number[], absent: [] as number[] }
    reached.set(source, heard)
    return {
      all: (share) => {
        heard.all = share > 0
      },
      one: (unit, share) => (share === -1 ? heard.absent : heard.single).push(unit),
    }
  })
  return new Map(
    [...reached].map(([source, { all, single, absent }]) => {
      return [source, all ? allBut(absent, sizes.get(source) as number) : Uint32Array.from(single)]
    }),
  )
}

const NO_PARTS = new Uint32Array(0)

function allBut(absent: readonly number[], size: number): Uint32Array {
  const others = new Set(absent)
  return Uint32Array.from({ length: size }, (_, unit) => unit).filter((unit) => !others.has(unit))
}

/** Numbers the different rows. */
function fansOf(rows: Rows, tell: (done: number) => void): Reach {
  const size = rows.offsets.length - 1
  const fanOf = new Uint32Array(size)
  const firsts = [-1]
  // Fans by the hash of their parts; of equal hashes one after the other.
  const known = new Map<number, number[]>()
  for (let unit = 0; unit < size; unit++) {
    const row = rowOf(rows, unit)
    if (unit % OFTEN === 0) tell(unit)
    if (row.length === 0) continue
    const hash = hashOf(row)
    const alike = known.get(hash) ?? []
    let fan = alike.find((each) => areEqual(row, rowOf(rows, firsts[each] as number)))
    if (fan === undefined) {
      fan = firsts.length
      firsts.push(unit)
      known.set(hash, [...alike, fan])
    }
    fanOf[unit] = fan
  }
  return { fanOf, partsOf: (fan) => (fan === 0 ? NO_PARTS : rowOf(rows, firsts[fan] as number)) }
}

function hashOf(row: Uint32Array): number {
  let hash = 0x811c9dc5
  for (const part of row) hash = Math.imul(hash ^ part, 0x01000193)
  return hash
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false
  return true
}
