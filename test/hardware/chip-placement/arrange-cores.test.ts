import { describe, expect, it } from 'vitest'
import { isSearchable } from '../../../src/hardware/chip-placement/arrange-cores.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { countHops } from './count-hops.js'

const mesh = (columns: number, rows: number) => meshProfile({ columns, rows, neuronsPerCore: 32 })

/** Groups that fill a core each: of each how often its units spike, and which groups hear it. */
type Exchange = readonly { readonly spikes: number; readonly targets: readonly number[] }[]

function networkOf(exchange: Exchange): Network {
  const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
  return defineNetwork<Record<string, GroupSpec>>({
    groups: Object.fromEntries(exchange.map((_, k) => [`g${k}`, lif(32, neuron)])),
    projections: exchange.flatMap(({ targets }, k) =>
      targets.map((to) => connect(`g${k}`, `g${to}`, dense(1), { delay: 1 })),
    ),
  })
}

function spikesOf(exchange: Exchange) {
  return Object.fromEntries(exchange.map(({ spikes }, k) => [`g${k}`, spikes]))
}

/** All orders of some numbers. */
function ordersOf(numbers: readonly number[]): readonly (readonly number[])[] {
  if (numbers.length === 0) return [[]]
  return numbers.flatMap((first) => ordersOf(numbers.filter((each) => each !== first)).map((rest) => [first, ...rest]))
}

it('on a torus neighbours all around it stay in order, where no square of cores has so short ways', () => {
  const ring: Exchange = Array.from({ length: 9 }, (_, k) => ({ spikes: 1, targets: [(k + 1) % 9] }))
  const { chip, ...profile } = mesh(9, 9)
  const torus = defineChipProfile({ ...profile, chip: { ...chip, topology: 'torus' } })
  const placement = placeOnChip(networkOf(ring), torus, { seed: 1, effort: 'quick' })
  expect(placement.cores.map(({ core }) => core)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})

describe('a link between chips', () => {
  // A dearer one is passed by fewer packets, which then have longer ways.
  const exchange: Exchange = [
    { spikes: 3, targets: [0, 4] },
    { spikes: 8, targets: [3, 4, 5] },
    { spikes: 1, targets: [1] },
    { spikes: 7, targets: [0, 1] },
    { spikes: 1, targets: [1, 2, 4] },
    { spikes: 2, targets: [4, 5] },
  ]
  const network = networkOf(exchange)
  const chips = withChips(mesh(3, 1), { columns: 2, rows: 1 })

  it.each([
    { hopX: 1, hopY: 1, chipCrossing: 2, links: 2 },
    { hopX: 2, hopY: 4, chipCrossing: 12, links: 4 },
    { hopX: 0.25, hopY: 0.25, chipCrossing: 2, links: 8 },
  ])('counts as the $links that it costs, at $hopX and $hopY pJ each: $chipCrossing pJ', ({ links, ...energy }) => {
    const placement = placeOnChip(network, withEnergy(chips, energy), { seed: 1, spikes: spikesOf(exchange) })
    const least = ordersOf(exchange.map((_, k) => k)).reduce((most, at) => Math.min(most, costOf(at, links)), Infinity)
    expect(countHops(network, chips, placement, { crossing: links, spikes: spikesOf(exchange) })).toBe(least)
  })

  /** Of cores in a row, three on each chip. */
  function costOf(at: readonly number[], crossing: number): number {
    let cost = 0
    exchange.forEach(({ spikes, targets }, k) => {
      for (const to of targets) {
        const far = at[k]! < 3 === at[to]! < 3 ? 0 : crossing - 1
        cost += 32 * spikes * (Math.abs(at[k]! - at[to]!) + far)
      }
    })
    return cost
  }
})

function withEnergy(
  profile: ChipProfile,
  costs: Readonly<Record<'hopX' | 'hopY' | 'chipCrossing', number>>,
): ChipProfile {
  const figures = Object.entries(costs).map(([name, value]) => {
    return [name, { value, unit: 'pJ', provenance: 'assumed', source: 'a test', kind: 'marginal' }] as const
  })
  return defineChipProfile({ ...profile, energy: { ...profile.energy, ...Object.fromEntries(figures) } })
}

it('an arrangement is looked for among 4096 cores at most', () => {
  expect([4095, 4096, 4097].map((cores) => isSearchable(mesh(cores, 1), cores))).toEqual([true, true, false])
  expect(isSearchable(mesh(64, 64), 65)).toBe(true)
})
