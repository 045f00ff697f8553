import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { Level } from '../routing/layout.js'
import type { HopCounts } from '../routing/routes.js'
import type { StreamCounts } from './chip-counts.js'
import type { CoreWays } from './core-ways.js'

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

export function createStreamCounter({ routing }: ChipProfile, ways: CoreWays): StreamCounter {
  // Packets that get there, by from · ways.cores + to: those with a way of their own, and copies.
  const alone = new Map<number, number>()
  const copies = new Map<number, number>()
  const trees = noHops()
  let sent = 0
  const arrive = (pairs: Map<number, number>, from: number, to: number, count: number) => {
    const pair = from * ways.cores + to
    pairs.set(pair, (pairs.get(pair) ?? 0) + count)
  }

  function counts(packetBits: number | null): StreamCounts {
    const packets: Record<Level, number> = { inCore: 0, inTile: 0, betweenTiles: 0, betweenChips: 0 }
    const hops = noHops()
    const linkCrossings = { ...trees }
    for (const pairs of [alone, copies]) {
      for (const [pair, count] of pairs) {
        const [from, to] = [Math.floor(pair / ways.cores), pair % ways.cores]
        packets[ways.level(from, to)] += count
        addHops(hops, ways.hops(from, to), count)
        if (pairs === alone) addHops(linkCrossings, ways.hops(from, to), count)
      }
    }
    const bytes = perLevel((level) => (packetBits === null ? null : (packets[level] * packetBits) / 8))
    return { packets, sent, hops, linkCrossings, packetBits, bytes }
  }

  return {
    add(from, to, count) {
      if (count === 0) return
      arrive(alone, from, to, count)
      sent += count
    },
    addFan(from, targets, count) {
      if (count === 0 || targets.length === 0) return
      for (const to of targets) arrive(routing.multicast ? copies : alone, from, to, count)
      if (routing.multicast) addHops(trees, ways.treeHops(from, targets), count)
      sent += routing.multicast ? count : count * targets.length
    },
    counts,
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

function addHops(into: Mutable<HopCounts>, hops: HopCounts, times: number): void {
  into.east += times * hops.east
  into.west += times * hops.west
  into.north += times * hops.north
  into.south += times * hops.south
  into.diagonal += times * hops.diagonal
  into.chip += times * hops.chip
}
