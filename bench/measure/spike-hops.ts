import { blockTable } from '../../dist/hardware/block-table.js'
import { spikeNets } from '../../dist/hardware/chip-placement/spike-nets.js'
import { type ChipPlacement, type ChipProfile, defineChipPlacement } from '../../dist/hardware/index.js'
import { createRoutes } from '../../dist/hardware/routing/routes.js'
import type { Network } from '../../dist/index.js'
import { SEED } from './count-spikes.js'

/** Links that packets take if every unit spikes once. */
export interface SpikeHops {
  readonly links: number
  /** Those between chips among them. */
  readonly crossings: number
}

const BLOCK = 32

/** One packet for each spike and core that holds a target of it. */
export function spikeHops(network: Network, profile: ChipProfile, { cores }: ChipPlacement): SpikeHops {
  const table = blockTable(network)
  const nets = spikeNets(network, table, { spikesOf: () => 1, seed: SEED })
  const coreOf = new Int32Array(table.blocks.length)
  const first = new Map(table.groups.map((group) => [group.name, group.first]))
  cores.forEach(({ slices }, core) => {
    for (const { group, start, end } of slices) {
      const before = first.get(group) ?? 0
      coreOf.fill(core, before + start / BLOCK, before + Math.ceil(end / BLOCK))
    }
  })
  const { route } = createRoutes(profile)
  let [links, crossings] = [0, 0]
  for (let net = 0; net < nets.count; net++) {
    const from = cores[coreOf[nets.source[net] ?? 0] ?? 0]
    for (const to of new Set(Array.from(nets.targetsOf(net), (block) => cores[coreOf[block] ?? 0]))) {
      if (from === undefined || to === undefined) continue
      const way = route(from, to)
      const spikes = nets.spikes[net] ?? 0
      links += spikes * way.length
      crossings += spikes * way.filter(({ level }) => level === 'betweenChips').length
    }
  }
  return { links, crossings }
}

/** What the gains are told over: groups in order, each on cores of its own, these in the order of their numbers. */
export function placedInOrder(network: Network, profile: ChipProfile, perCore: number): ChipPlacement {
  const slices = network.groups.flatMap(({ name, size }) =>
    Array.from({ length: Math.ceil(size / perCore) }, (_, k) => {
      return { group: name, start: k * perCore, end: Math.min(size, (k + 1) * perCore) }
    }),
  )
  const perChip = profile.chip.columns * profile.chip.rows * profile.chip.coresPerTile
  const cores = slices.map((slice, k) => ({ chip: Math.floor(k / perChip), core: k % perChip, slices: [slice] }))
  return defineChipPlacement(network, profile, cores)
}
