import type { Network } from '../../network/description/network.js'
import { instantiate } from '../../network/instance/instantiate.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { integerFrom, readPositive } from '../../network/reading/read-number.js'
import { readFunction } from '../../network/reading/read-value.js'
import { checkChipPlacement } from '../chip-placement/check-chip-placement.js'
import { destinationsOf } from '../counts/destinations.js'
import type { ChipPlacement } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { incomingOf } from '../reach/incoming.js'
import { type ReachProgress, tellStage } from '../reach/reach-progress.js'
import { barrierOf, tilesUsed } from '../report/barrier.js'
import { type Raster, readRaster } from '../tally/raster.js'
import { stepsOf } from '../tally/tally-of.js'
import { unitSpikes } from '../tally/unit-spikes.js'
import type { ChipTiming } from './chip-timing.js'
import { createCoreSteps, type SteppedRun } from './core-steps.js'
import { createStepTimes, knowsLatencies } from './step-times.js'

export interface TimingOptions {
  /** Length of a trial, ms. */
  readonly until: number
  /** Of the run: draws the synapses of rules, and delays. Default 0. */
  readonly seed?: number
  /**
   * Called with the progress while synapses are drawn and targets are searched: in large networks that takes minutes.
   */
  readonly onProgress?: (progress: ReachProgress) => void
}

const READERS: Readers<TimingOptions> = { until: readPositive, seed: integerFrom(0), onProgress: readFunction }

/**
 * How long the steps of a run take, by the `simple` timing model of SANA-FE: cores work at the same time, and in each the
 * work on neurons and that on packets; a step is as long as the longest of these, on whatever core, and its barrier.
 *
 *     neurons(c, k)   neurons of c · idle + active · neuronUpdate + spikes · spikeOut + packets sent · packetOut
 *     packets(c, k)   packets to c · packetIn + their synapses · synapse
 *     step k          max over cores c of max(neurons(c, k), packets(c, k)) + barrier
 *
 * Packets and their synapses count in the step of their spike; ways between tiles take no time. Sources send packets and have
 * nothing else to do. The barrier is that of the tiles in use on one chip, or of the number of chips. Times are in ns;
 * a figure that is needed but unknown in the profile makes sums unknown, as in `chipReport`.
 *
 * Null where time is continuous, or no latency of a core is known.
 *
 * Source: Boyle et al., SANA-FE, IEEE TCAD 44(8), 2025, doi:10.1109/TCAD.2025.3537971.
 *
 * Raises `InputError`: the codes of `defineChipProfile`, `checkChipPlacement` and the raster of `tallyOf`;
 * `OPTION_OUT_OF_RANGE`, `FIELD_MISSING`, `FIELD_TYPE`, `FIELD_UNKNOWN`.
 *
 * @example
 * const timing = chipTiming(raster, network, placement, chipProfile('loihi-silicon'), { until: 100 })
 * timing?.total.value
 */
export function chipTiming(
  raster: Raster,
  network: Network,
  placement: ChipPlacement,
  given: ChipProfile,
  options: TimingOptions,
): ChipTiming | null {
  readNetwork(network)
  const profile = defineChipProfile(given)
  checkChipPlacement(network, profile, placement)
  const read = readRequired<TimingOptions, 'until'>(options, READERS, ['until'])
  const { until, seed = 0, onProgress: tell = () => undefined } = read
  const tickMs = figureValue(profile.time.tick)
  const { trials, trains } = readRaster(network, raster, until)
  if (tickMs === null || !knowsLatencies(profile.latency)) return null
  const { cores } = placement
  const incoming = incomingOf(network, seed, tellStage('synapses', tell))
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const run: SteppedRun = {
    network,
    grid: { tickMs, time: 'stepped', steps: stepsOf(until, tickMs) },
    incoming,
    projections: instantiate(network, seed).projections,
    destinations: destinationsOf(network, cores, incoming, tell),
    spikes: new Map([...trains].map(([name, own]) => [name, unitSpikes(own, sizes.get(name) as number, tickMs)])),
    multicast: profile.routing.multicast,
  }
  const used = { chips: new Set(cores.map(({ chip }) => chip)).size, tiles: tilesUsed(profile, cores) }
  const times = createStepTimes(profile.latency, barrierOf(profile.time, used), { trials, steps: run.grid.steps })
  const sources = new Set(network.groups.filter(({ kind }) => kind === 'source').map(({ name }) => name))
  for (const { chip, core, slices } of cores) {
    const stepsOfTrial = createCoreSteps(run, slices)
    const own = slices.filter(({ group }) => !sources.has(group))
    const neurons = own.reduce((sum, { start, end }) => sum + end - start, 0)
    for (let trial = 0; trial < trials; trial++) times.add({ chip, core }, neurons, trial, stepsOfTrial(trial))
  }
  return { profile: profile.name, model: 'simple', ...used, ...times.result() }
}
