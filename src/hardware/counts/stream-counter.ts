import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { addHops, type HopCounts, noHops } from '../routing/hops.js'
import type { Level } from '../routing/layout.js'
import type { StreamCounts } from './chip-counts.js'
import type { CoreWays } from './core-ways.js'

/** Counts the packets of one stream. A core is given by its place in a list. */
export interface StreamCounter {
  /** Packets from core to core, each on a way of its own. */
  add(from: number, to: number, packets: number): void
  /** Packets that go to several cores: copied on their way where the chip does that. */
  addFan(from: number, targets: Uint32Array, packets: number): void
  counts(packetBits: number | null): StreamCounts
}

const LEVELS: readonly Level[] = ['inCore', 'inTile', 'betweenTiles', 'betweenChips']

export function createStreamCounter({ routing }: ChipProfile, ways: CoreWays): StreamCounter {
  const packets: Record<Level, number> = { inCore: 0, inTile: 0, betweenTiles: 0, betweenChips: 0 }
  const [hops, linkCrossings] = [noHops(), noHops()]
  let sent = 0

  function arrive(from: number, to: number, count: number): HopCounts {
    const way = ways.hops(from, to)
    packets[ways.level(from, to)] += count
    addHops(hops, way, count)
    return way
  }

  function add(from: number, to: number, count: number): void {
    if (count === 0) return
    addHops(linkCrossings, arrive(from, to, count), count)
    sent += count
  }

  return {
    add,
    addFan(from, targets, count) {
      if (count === 0 || targets.length === 0) return
      if (!routing.multicast) {
        for (const to of targets) add(from, to, count)
        return
      }
      for (const to of targets) arrive(from, to, count)
      addHops(linkCrossings, ways.treeHops(from, targets), count)
      sent += count
    },
    counts(packetBits) {
      const bytes = perLevel((level) => {
        // No packet has no bytes, however long it would be.
        if (packets[level] === 0) return 0
        return packetBits === null ? null : (packets[level] * packetBits) / 8
      })
      return { packets, sent, hops, linkCrossings, packetBits, bytes }
    },
  }
}

/** Bits of a packet with a value, and how many of them one value takes. */
export interface ValuePackets {
  readonly bits: number | null
  readonly perValue: number
}

/** Of a gradient, or of what a readout says. */
const VALUE_BITS = 32

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
