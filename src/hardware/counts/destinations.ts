import type { Network } from '../../network/network.js'
import type { PlacedCore } from '../fit/chip-fit.js'
import { createCoreMeter } from '../fit/core-meter.js'
import type { Incoming } from '../fit/incoming.js'
import { createFanTable, type FanTable } from './fan-table.js'

/** Where the spikes of every unit begin and end; cores by their place in the list of a placement. */
export interface Destinations {
  /** The core of each unit, by group. */
  readonly coreOf: ReadonlyMap<string, Int32Array>
  /** The cores with a target of each unit, as a fan of `table`, by group. */
  readonly fanOf: ReadonlyMap<string, Uint32Array>
  readonly table: FanTable
}

/** A core is a destination of a unit if it holds a synapse from it, whatever the weight. */
export function destinationsOf(
  network: Network,
  cores: readonly PlacedCore[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
): Destinations {
  const perUnit = <Kind>(make: (size: number) => Kind) =>
    new Map(network.groups.map(({ name, size }) => [name, make(size)]))
  const coreOf = perUnit((size) => new Int32Array(size))
  const fanOf = perUnit((size) => new Uint32Array(size))
  const table = createFanTable(cores.length)
  const meter = createCoreMeter(network, incoming)
  cores.forEach(({ slices }, core) => {
    meter.reset()
    for (const slice of slices) {
      coreOf.get(slice.group)?.fill(core, slice.start, slice.end)
      meter.add(slice)
    }
    const heard = new Map<string, Heard>()
    meter.tellAxons((source) => {
      const heed: Heard = { all: false, units: [] }
      heard.set(source, heed)
      return {
        all: (share) => {
          heed.all = share > 0
        },
        one: (unit) => heed.units.push(unit),
      }
    })
    for (const [source, heed] of heard) extendFans(fanOf.get(source) as Uint32Array, heed, core, table)
  })
  return { coreOf, fanOf, table }
}

/** All units but some, or some. */
interface Heard {
  all: boolean
  readonly units: number[]
}

function extendFans(fans: Uint32Array, { all, units }: Heard, core: number, table: FanTable): void {
  const extend = (unit: number) => {
    fans[unit] = table.extend(fans[unit] as number, core)
  }
  if (!all) {
    for (const unit of units) extend(unit)
    return
  }
  const others = new Set(units)
  for (let unit = 0; unit < fans.length; unit++) if (!others.has(unit)) extend(unit)
}
