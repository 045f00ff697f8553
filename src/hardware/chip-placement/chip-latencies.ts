import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { nameOfCore } from '../fit/chip-sites.js'
import type { ChipPlacement, PlacedCore } from '../placement.js'
import type { ChipLatency, ChipProfile } from '../profile/chip-profile.js'
import { type Figure, figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { createRoutes } from '../routing/routes.js'
import { checkChipPlacement } from './check-chip-placement.js'
import { NO_LATENCIES } from './remedies.js'

const NS_PER_MS = 1e6

/**
 * How much later a spike from one core is known on another than it was sent, in ms of model time; entry [from][to], cores by
 * their place in the placement:
 *
 *     l = (links along x · hopX + links along y · hopY + crossings of chips · chipCrossing) · speedup / 10^6
 *
 * with latencies in ns of the chip's time; `spikeInTile` from core to core of a tile, 0 within a core. Pairs of cores that no
 * projection joins have 0.
 *
 * Raises `InputError`: `CHIP_LATENCY` where time is stepped, for there whatever is sent in a step arrives in the next one; where
 * the speed-up is unknown, or a latency on a way that spikes go; the codes of `checkChipPlacement`.
 */
export function chipLatencies(
  network: Network,
  placement: ChipPlacement,
  given: ChipProfile,
): readonly (readonly number[])[] {
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const { mode, speedup } = profile.time
  if (mode !== 'continuous')
    throw refusal(
      profile,
      'time.mode',
      `"${mode}"`,
      'a chip whose time is continuous: where it is stepped, a tick hides them',
    )
  const factor = figureValue(speedup)
  if (factor === null) throw refusal(profile, 'time.speedup', 'null', 'model time over that of the chip')
  const { cores } = placement
  const { fabric, hops, levelBetween } = createRoutes(profile)
  const routers = cores.map((place) => fabric.routerOf(place))
  const joined = pairsOf(network, cores)
  return cores.map((a, from) =>
    cores.map((b, to) => {
      const level = levelBetween(a, b)
      if (level === 'inCore' || !joined(from, to)) return 0
      const known = (name: keyof ChipLatency, count: number) => {
        if (count === 0) return 0
        return count * latencyOf(profile, name, `${nameOfCore(a)} to ${nameOfCore(b)}`)
      }
      if (level === 'inTile') return (known('spikeInTile', 1) * factor) / NS_PER_MS
      const { east, west, north, south, diagonal, chip } = hops(routers[from] as number, routers[to] as number)
      if (diagonal > 0)
        throw refusal(profile, 'latency', 'none of links along the diagonal', 'ways along x and y, or between chips')
      const sum = known('hopX', east + west) + known('hopY', north + south) + known('chipCrossing', chip)
      return (sum * factor) / NS_PER_MS
    }),
  )
}

/** Whether a group on one core projects to one on another. */
function pairsOf({ projections }: Network, cores: readonly PlacedCore[]): (from: number, to: number) => boolean {
  const held = cores.map(({ slices }) => new Set(slices.map(({ group }) => group)))
  return (from, to) => projections.some(({ source, target }) => held[from]?.has(source) && held[to]?.has(target))
}

function latencyOf(profile: ChipProfile, name: keyof ChipLatency, way: string): number {
  const value = figureValue(profile.latency[name] as Figure)
  if (value === null) throw refusal(profile, `latency.${name}`, `null, on the way from ${way}`, 'a latency in ns')
  return value
}

function refusal({ name }: ChipProfile, field: string, found: string, expected: string): InputError {
  return new InputError({
    code: 'CHIP_LATENCY',
    field: `${name}: ${field}`,
    found,
    expected,
    remedy: NO_LATENCIES,
  })
}
