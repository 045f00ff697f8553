import type { Network } from '../../network/description/network.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { readFunction, readRecord, wordOf } from '../../network/reading/read-value.js'
import { type BlockTable, blockTable, type GroupBlocks, slicesOfBlocks } from '../block-table.js'
import { firstSites } from '../fit/chip-sites.js'
import { measureLoads } from '../load.js'
import type { ChipPlacement } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { type ReachProgress, tellStage } from '../reach/reach-progress.js'
import type { CorePlace } from '../routing/layout.js'
import { createRoutes } from '../routing/routes.js'
import { arrangeCores, isSearchable, requireCores, type SearchEffort } from './arrange-cores.js'
import { type BlockNeeds, capacityOfCore } from './core-capacity.js'
import { coreGraph, type PacketsBetween, packetsBetween } from './core-graph.js'
import { defineChipPlacement } from './define-chip-placement.js'
import { type Grouping, grownGrouping, inOrderGrouping, toldGrouping } from './grouping.js'
import { keepsAxonsOut, packWithAxons } from './pack-with-axons.js'
import { type Partition, packBlocks } from './partitions.js'
import { refuseEarly } from './refuse-early.js'
import { spikeNets } from './spike-nets.js'
import { readSpikes, type SpikesPerUnit } from './spikes-per-unit.js'

export interface ChipPlacementOptions {
  /** Draws the synapses of rules, as in a run, and whatever chance does to the search. */
  readonly seed: number
  /** Spikes of each unit of a group, or of every one alike, as counted in a run; of groups that are not named: 1. */
  readonly spikes?: SpikesPerUnit
  /** Neurons and source units of a core at most, where that shall be fewer than the profile says, or it does not say. */
  readonly neuronsPerCore?: number
  /** `inOrder`: only such cuts that a core holds one slice of a group, so that a run has one partition for each. Default any. */
  readonly cut?: 'any' | 'inOrder'
  /** How long to search: not at all, shortly, or until little is to be gained. Default full. */
  readonly effort?: SearchEffort
  /** Called with the progress while the network is placed: large ones take minutes. */
  readonly onProgress?: (progress: PlacingProgress) => void
}

/**
 * What is being done: drawing the `synapses` of rules; finding out where `spikes` go; filling `cores` with
 * the blocks of a group; counting `packets` between cores; or the
 * `search` for short ways, run by run, of which `done` may be broken.
 */
export type PlacingProgress =
  | ReachProgress
  | { readonly stage: 'cores' | 'packets' | 'search'; readonly done: number; readonly of: number }

const READERS: Readers<ChipPlacementOptions> = {
  seed: integerFrom(0),
  spikes: readRecord,
  neuronsPerCore: integerFrom(1),
  cut: wordOf(['any', 'inOrder']),
  effort: wordOf(['none', 'quick', 'full']),
  onProgress: readFunction,
}

/**
 * Places a network on a chip, or several: as few cores as it fits, such that packets take few links.
 *
 *     cost = sum over spikes and the cores with a target of them of the links between
 *
 * A link between chips counts as many as it costs energy in hops, or 10 where that is unknown. Groups are cut between blocks
 * of 32, in order or so that the blocks of a core share inputs, and rests share cores; source units take the place of a
 * neuron. Both cuts are arranged by threshold accepting, and the cheapest is taken: never one that is dearer than groups in
 * order on cores in order. The same on every machine. Where there are more than 4096 cores to choose from, they are taken in
 * order. Delays make no difference here, nor do cycles.
 *
 * Raises `InputError`: `PLACEMENT_CAPACITY` where the network is too large, `CHIP_ROOM_UNKNOWN` where nothing says how large
 * a core is; `ROUTE_DEAD_LINK` and `ROUTE_NONE` where dead links leave no way; `GROUP_UNKNOWN`, `SHAPE_MISMATCH` and
 * `OPTION_OUT_OF_RANGE` for spikes.
 *
 * @example placeOnChip(network, chipProfile('loihi'), { seed: 1 })
 */
export function placeOnChip(network: Network, given: ChipProfile, options: ChipPlacementOptions): ChipPlacement {
  readNetwork(network)
  const profile = defineChipProfile(given)
  const read = readRequired<ChipPlacementOptions, 'seed'>(options, READERS, ['seed'])
  const { seed, spikes = {}, neuronsPerCore, cut = 'any', effort = 'full', onProgress: tell = () => undefined } = read
  const room = capacityOfCore(profile, neuronsPerCore)
  const spikesOf = readSpikes(network, spikes)
  const table = blockTable(network)
  const loads = needsOf(network, table)
  refuseEarly(network, table, { profile, room, needs: loads, seed })
  const nets = spikeNets(network, table, { spikesOf, seed, tell })
  const needs = { ...loads, nets }
  const inOrder = packWithAxons(table, profile, room, needs, filling(inOrderGrouping))
  requireCores(profile, inOrder.partition.length)
  const { partition, places } =
    effort !== 'none' && isSearchable(profile, inOrder.partition.length)
      ? searched(effort)
      : { partition: inOrder.partition, places: firstSites(profile, inOrder.partition.length) }
  if (profile.deadLinks.length > 0) refuseDeadRoutes(profile, packetsBetween(partition, nets), places)
  const cores = partition.map((blocks, k) => {
    return { ...(places[k] as CorePlace), slices: slicesOfBlocks(table, blocks) }
  })
  return defineChipPlacement(network, profile, cores)

  function filling(groupingOf: (group: GroupBlocks) => Grouping): typeof groupingOf {
    return (group) =>
      toldGrouping(groupingOf(group), (done) => {
        tell({ stage: 'cores', done, of: group.end - group.first })
      })
  }

  function searched(effort: Exclude<SearchEffort, 'none'>) {
    const other =
      cut === 'any'
        ? packBlocks(
            table,
            inOrder.rules,
            needs,
            filling((group) => grownGrouping(group, nets)),
          )
        : null
    const isOther = other !== null && !isSame(inOrder.partition, other) && other.length <= inOrder.partition.length
    const partitions =
      isOther && keepsAxonsOut(other, table, nets, profile) ? [inOrder.partition, other] : [inOrder.partition]
    const graphs = partitions.map((each) => coreGraph(packetsBetween(each, nets, tellStage('packets', tell))))
    const onMoves = (done: number, of: number) => tell({ stage: 'search', done, of })
    const { chosen, places } = arrangeCores(graphs, profile, { seed, effort, onMoves })
    return { partition: partitions[chosen] as Partition, places }
  }
}

function needsOf(network: Network, { blocks }: BlockTable): Omit<BlockNeeds, 'nets'> {
  const loadOf = measureLoads(network)
  const loads = blocks.map((block) => ({ units: block.end - block.start, synapses: loadOf(block).synapses }))
  return {
    unitsOf: (block) => loads[block]?.units ?? 0,
    synapsesOf: (block) => loads[block]?.synapses ?? 0,
  }
}

function isSame(a: Partition, b: Partition): boolean {
  return a.length === b.length && a.every((blocks, k) => blocks.join() === b[k]?.join())
}

/** Raises `InputError` ROUTE_DEAD_LINK or ROUTE_NONE where a core has a target on one that its packets cannot reach. */
function refuseDeadRoutes(profile: ChipProfile, packets: PacketsBetween, places: readonly CorePlace[]): void {
  const { route } = createRoutes(profile)
  packets.forEach((row, from) => {
    for (const to of row.keys()) route(places[from] as CorePlace, places[to] as CorePlace)
  })
}
