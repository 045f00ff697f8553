import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { countOf } from './name-range.js'
import { type ArchitectureCore, readCore } from './read-core.js'
import type { YamlSpot } from './yaml-spot.js'

const DIRECTIONS = ['east', 'west', 'north', 'south'] as const
export type HopDirection = (typeof DIRECTIONS)[number]

/** A kind of tile of an architecture. */
export interface ArchitectureTile {
  readonly count: number
  /** J and s, by direction. */
  readonly energy: Readonly<Record<HopDirection, number>>
  readonly latency: Readonly<Record<HopDirection, number>>
  readonly cores: readonly ArchitectureCore[]
}

/** Time to close a step with at least `tiles` tiles in use. */
interface SyncPoint {
  readonly tiles: number
  /** s. */
  readonly time: number
}

/** An architecture of SANA-FE. */
export interface Architecture {
  readonly name: string
  /** In tiles. */
  readonly width: number
  readonly height: number
  readonly topology: string
  readonly sync: readonly SyncPoint[]
  readonly tiles: readonly ArchitectureTile[]
}

export function readArchitecture(root: YamlSpot): Architecture {
  const architecture = root.child('architecture', 'the architecture that a file of SANA-FE describes')
  const attributes = architecture.child('attributes', 'the attributes of the network on the chip')
  const name = architecture.child('name', 'the name of the architecture').text()
  const [width, height] = ['width', 'height'].map((each) => attributes.child(each, 'tiles').count()) as [number, number]
  const tiles = architecture.child('tile', 'the tiles of the architecture')
  const read = tiles.items().map(readTile)
  requireCapacity(tiles, read, width * height)
  return {
    ...{ name, width, height, tiles: read },
    topology: attributes.find('topology')?.text() ?? 'mesh',
    sync: readSync(attributes),
  }
}

function readTile(spot: YamlSpot): ArchitectureTile {
  const attributes = spot.child('attributes', 'the attributes of a tile')
  const hops = (what: 'energy' | 'latency') =>
    Object.fromEntries(
      DIRECTIONS.map((each) => [each, attributes.child(`${what}_${each}_hop`, 'a number').number()]),
    ) as Record<HopDirection, number>
  return {
    count: countOf(spot.child('name', 'the name of a tile')),
    energy: hops('energy'),
    latency: hops('latency'),
    cores: spot.child('core', 'the cores of a tile').items().map(readCore),
  }
}

function requireCapacity({ place }: YamlSpot, tiles: readonly ArchitectureTile[], room: number): void {
  const count = tiles.reduce((sum, tile) => sum + tile.count, 0)
  if (count >= 1 && count <= room) return
  throw new InputError({
    code: 'ARCHITECTURE_TILES',
    field: place,
    found: `${count} tiles`,
    expected: `from 1 to ${room}, width times height`,
    remedy: 'Give fewer tiles, or a wider or higher network.',
  })
}

/** By the tiles in use: one time for all, a list from 0 tiles on, or a table. */
function readSync(attributes: YamlSpot): readonly SyncPoint[] {
  const model = attributes.find('sync_model')
  const kind = model?.text() ?? 'fixed'
  if (model !== null && kind !== 'fixed' && kind !== 'table')
    throw new InputError({
      code: 'OPTION_OUT_OF_RANGE',
      field: model.place,
      found: describeValue(kind),
      expected: 'fixed or table',
    })
  const given = kind === 'table' ? attributes.child('latency_sync', 'the table') : attributes.find('latency_sync')
  if (given === null) return [{ tiles: 1, time: 0 }]
  if (kind === 'fixed') return [{ tiles: 1, time: given.number() }]
  const pairs = given.isList() ? given.items().map((spot, k) => [String(k), spot] as const) : given.pairs()
  if (pairs === null) return [{ tiles: 1, time: given.number() }]
  return fromOneTile(pairs.map(([key, spot]) => ({ tiles: tilesIn(key, spot), time: spot.number() })))
}

function tilesIn(key: string, { place }: YamlSpot): number {
  if (/^\d{1,15}$/.test(key)) return Number(key)
  throw new InputError({
    code: 'FIELD_TYPE',
    field: place,
    found: describeValue(key),
    expected: 'a whole number of tiles for a key',
  })
}

/** In ascending order; what holds from 0 tiles on holds from 1. */
function fromOneTile(points: readonly SyncPoint[]): readonly SyncPoint[] {
  const sorted = points.toSorted((a, b) => a.tiles - b.tiles)
  const isNeeded = ({ tiles }: SyncPoint) => tiles > 0 || !sorted.some((point) => point.tiles === 1)
  return sorted.filter(isNeeded).map(({ tiles, time }) => ({ tiles: Math.max(1, tiles), time }))
}
