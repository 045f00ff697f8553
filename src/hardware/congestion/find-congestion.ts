import type { Network } from '../../network/description/network.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { readFunction } from '../../network/reading/read-value.js'
import { stepOf, ticksFor } from '../../numerics/step-of.js'
import { checkChipPlacement } from '../chip-placement/check-chip-placement.js'
import { type Destinations, destinationsOf } from '../counts/destinations.js'
import type { ChipPlacement } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { incomingOf } from '../reach/incoming.js'
import type { Reach } from '../reach/reach.js'
import { type ReachProgress, tellStage } from '../reach/reach-progress.js'
import type { CorePlace } from '../routing/layout.js'
import type { Link } from '../routing/link.js'
import { createRoutes, type Routes } from '../routing/routes.js'
import { type Raster, readRaster } from '../tally/raster.js'
import type { ChipCongestion } from './chip-congestion.js'
import { createPassages, type Passing } from './passages.js'

export interface CongestionOptions {
  /** Length of a window, ms of model time: on stepped chips the tick, for all spikes of a step leave together. */
  readonly window: number
  /** Length of a trial, ms. */
  readonly until: number
  /** Of the run: draws the synapses of rules. Default 0. */
  readonly seed?: number
  /**
   * Called with the progress while synapses are drawn and targets are searched: in large networks that takes minutes.
   */
  readonly onProgress?: (progress: ReachProgress) => void
}

const READERS: Readers<CongestionOptions> = {
  window: readPositive,
  until: readPositive,
  seed: integerFrom(0),
  onProgress: readFunction,
}

/**
 * How many packets pass each link, window by window, as spikes leave; of one raster, forward.
 *
 *     window k      holds spikes with k window < t <= (k + 1) window, the first one also t = 0
 *     capacity      packets per second, or bits per second over those of a packet, times the chip's time of a window
 *
 * A packet counts on all links of its way in the window in which it leaves.
 *
 * Raises `InputError`: the codes of `defineChipProfile`, `checkChipPlacement` and the raster of `tallyOf`; `ROUTE_DEAD_LINK`,
 * `ROUTE_NONE`, `OPTION_OUT_OF_RANGE`, `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`.
 *
 * @example
 * const { links } = chipCongestion(raster, network, placement, profile, { window: 1, until: 100 })
 * links[0]?.most
 */
export function chipCongestion(
  raster: Raster,
  network: Network,
  placement: ChipPlacement,
  given: ChipProfile,
  options: CongestionOptions,
): ChipCongestion {
  readNetwork(network)
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const read = readRequired<CongestionOptions, 'window' | 'until'>(options, READERS, ['window', 'until'])
  const { window, until, seed = 0, onProgress: tell = () => undefined } = read
  const { trials, trains } = readRaster(network, raster, until)
  const incoming = incomingOf(network, seed, tellStage('synapses', tell))
  const destinations = destinationsOf(network, placement.cores, incoming, tell)
  const perTrial = Math.max(1, ticksFor(until, window))
  const routes = createRoutes(profile)
  const passages = createPassages(profile, routes, perTrial, window)
  const passingsOf = passingsByFan(profile, routes, destinations, placement.cores, passages.along)
  for (let trial = 0; trial < trials; trial++) {
    for (const [group, { offsets, times, units }] of trains) {
      for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
        const at = stepOf(times[k] as number, window) - 1
        for (const { loads, packets } of passingsOf(group, units[k] as number)) loads.add(at, packets)
      }
    }
    passages.endTrial(trial)
  }
  return { profile: profile.name, window, windows: trials * perTrial, ...passages.results() }
}

/** What the spikes of a unit pass; the same for all units of a group with the same core and fan. */
function passingsByFan(
  { routing }: ChipProfile,
  routes: Routes,
  { coreOf, reach }: Destinations,
  cores: readonly CorePlace[],
  along: (links: readonly Link[]) => readonly Passing[],
): (group: string, unit: number) => readonly Passing[] {
  const known = new Map<string, readonly Passing[]>()
  return (group, unit) => {
    const { fanOf, partsOf } = reach.get(group) as Reach
    const [core, fan] = [coreOf.get(group)?.[unit] as number, fanOf[unit] as number]
    const key = `${core} ${fan} ${group}`
    const found = known.get(key)
    if (found !== undefined) return found
    const from = cores[core] as CorePlace
    const targets = Array.from(partsOf(fan), (target) => cores[target] as CorePlace)
    const links = routing.multicast ? routes.tree(from, targets) : targets.flatMap((to) => routes.route(from, to))
    const passings = along(links)
    known.set(key, passings)
    return passings
  }
}
