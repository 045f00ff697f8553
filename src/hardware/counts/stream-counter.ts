import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CorePlace, Level } from '../routing/layout.js'
import { countHops, type HopCounts, type Routes } from '../routing/routes.js'
import type { StreamCounts } from './chip-counts.js'

/** Counts the packets of one stream. Cores are told by their place in a list. */
export interface StreamCounter {
  /** Packets from core to core, each on a way of its own. */
  add(from: number, to: number, packets: number): void
  /** Packets that go to several cores: copied on their way where the chip does that. */
  addFan(from: number, targets: readonly number[], packets: number): void
  counts(packetBits: number | null): StreamCounts
}

type Mutable<Counts> = { -readonly [Name in keyof Counts]: Counts[Name] }

const LEVELS: readonly Level[] = ['inCore', 'inTile', 'betweenTiles', 'betweenChips']
const noHops = (): Mutable<HopCounts> => ({ east: 0, west: 0, north: 0, south: 0, diagonal: 0, chip: 0 })

/** @param cores where the cores of the list are */
export function createStreamCounter(
  { routing }: ChipProfile,
  routes: Routes,
  cores: readonly CorePlace[],
): StreamCounter {
  const packets: Record<Level, number> = { inCore: 0, inTile: 0, betweenTiles: 0, betweenChips: 0 }
  const hops = noHops()
  const crossings = noHops()
  const known = new Map<number, HopCounts>()
  let sent = 0
  const place = (core: number) => cores[core] as CorePlace

  function hopsBetween(from: number, to: number): HopCounts {
    const key = from * cores.length + to
    const counted = known.get(key) ?? countHops(routes.route(place(from), place(to)))
    known.set(key, counted)
    return counted
  }

  function arrive(from: number, to: number, count: number): void {
    packets[routes.levelBetween(place(from), place(to))] += count
    addHops(hops, hopsBetween(from, to), count)
  }

  return {
    add(from, to, count) {
      if (count === 0) return
      arrive(from, to, count)
      addHops(crossings, hopsBetween(from, to), count)
      sent += count
    },
    addFan(from, targets, count) {
      if (count === 0 || targets.length === 0) return
      for (const to of targets) arrive(from, to, count)
      if (routing.multicast) {
        addHops(crossings, countHops(routes.tree(place(from), targets.map(place))), count)
        sent += count
        return
      }
      for (const to of targets) addHops(crossings, hopsBetween(from, to), count)
      sent += count * targets.length
    },
    counts: (packetBits) => ({
      packets: { ...packets },
      sent,
      hops: { ...hops },
      linkCrossings: { ...crossings },
      packetBits,
      bytes: perLevel((level) => (packetBits === null ? null : (packets[level] * packetBits) / 8)),
    }),
  }
}

/** Bits of a packet with a value, and how many of them one value takes. */
export interface ValuePackets {
  readonly bits: number | null
  readonly perValue: number
}

/** Of a gradient, or of what a readout says. */
export const VALUE_BITS = 32

/** Values go in payloads; where these are unknown, or there is none, a value is counted as one packet of unknown size. */
export function valuePackets({ formats }: ChipProfile): ValuePackets {
  const [packet, payload] = [figureValue(formats.packetBits), figureValue(formats.payloadBits)]
  if (payload === null || payload === 0) return { bits: null, perValue: 1 }
  return {
    bits: packet === null ? null : packet + Math.min(payload, VALUE_BITS),
    perValue: Math.ceil(VALUE_BITS / payload),
  }
}

function perLevel<Value>(entryAt: (level: Level) => Value): Record<Level, Value> {
  return Object.fromEntries(LEVELS.map((level) => [level, entryAt(level)])) as Record<Level, Value>
}

function addHops(into: Mutable<HopCounts>, counts: HopCounts, times: number): void {
  for (const name of Object.keys(into) as (keyof HopCounts)[]) into[name] += times * counts[name]
}
