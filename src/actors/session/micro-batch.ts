import { chooseKernels } from '../../dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../dynamics/kernels/kernel-kind.js'
import { MICRO_BATCH_UNIT } from '../../dynamics/parameters/trial-sum.js'
import { MOST_MICRO_BATCHES } from '../../events/trial-range.js'
import { groupLevels } from '../../hardware/levels.js'
import type { Placement } from '../../hardware/placement.js'
import { measureWork } from '../../hardware/work.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import { components } from '../../network/graph/components.js'
import type { ClusterSettings } from '../cluster-options.js'

/** Of how many trials the micro-batches of a mini-batch are; undefined: all its trials go through at once. */
export type MicroBatchOf = (trials: number) => number | undefined

/** What a micro-batch adds to the work of a mini-batch, as a share: weights and gradients are loaded once more. */
const SHARE = 0.03
/** What it takes to pass a micro-batch on from layer to layer and back, in ns as `measureWork` reckons. */
const PASSING = 300_000
/** A mini-batch must become so much shorter. */
const WORTH = 0.98

export const AT_ONCE: MicroBatchOf = () => undefined

export interface MicroBatchOptions {
  readonly network: Network
  readonly placement: Placement
  /** The cores of each core worker; core workers compute at the same time. */
  readonly coreWorkers: readonly (readonly number[])[]
}

/**
 * Mini-batches in micro-batches where that lets cores work at the same time: while one core runs a layer for some trials,
 * the next layer runs those before on another core, and gradients come back for the first ones. Only where all neurons are
 * those of the SIMD kernel, no spike goes around a cycle or through an operator, and the spikes of sources are given.
 *
 * 'auto': as many as make a mini-batch shortest, if that is worth it. Without them layers wait for each other,
 *
 *     path    = sum over layers of the work of the core worker that is busiest in the layer
 *     busiest = work in all layers of the core worker that is busiest in all
 *
 * and in n micro-batches a mini-batch takes about busiest (1 + (n - 1) share) + (path - busiest) / n. It is reckoned as in
 * `placeOnCores`, never measured: the same on every machine.
 */
export function microBatchOf(
  options: MicroBatchOptions,
  { kernel, microBatch }: Pick<ClusterSettings, 'kernel' | 'microBatch'>,
): MicroBatchOf {
  if (!runsWhole(options.network, kernel)) return AT_ONCE
  return microBatch === 'auto' ? reckoned(options) : (trials) => inUnits(trials, microBatch)
}

function reckoned({ network, placement, coreWorkers }: MicroBatchOptions): MicroBatchOf {
  const work = workOfLayers(network, placement, coreWorkers)
  const path = work.reduce((sum, ofCoreWorkers) => sum + Math.max(...ofCoreWorkers), 0)
  const busiest = Math.max(
    ...coreWorkers.map((_, coreWorker) =>
      work.reduce((sum, ofCoreWorkers) => sum + (ofCoreWorkers[coreWorker] ?? 0), 0),
    ),
  )
  const timeOf = (trials: number, count: number) =>
    trials * (busiest * (1 + SHARE * (count - 1)) + (path - busiest) / count) + PASSING * count
  return (trials) => {
    const times = Array.from({ length: MOST_MICRO_BATCHES }, (_, k) => timeOf(trials, k + 1))
    const least = Math.min(...times)
    return least < WORTH * timeOf(trials, 1) ? inUnits(trials, trials / (1 + times.indexOf(least))) : undefined
  }
}

/** [layer][core worker]: the work of a trial, in ns. */
function workOfLayers(
  network: Network,
  { cores }: Placement,
  coreWorkers: MicroBatchOptions['coreWorkers'],
): readonly number[][] {
  const workOf = measureWork(network, () => 1)
  const levels = groupLevels(network)
  const work: number[][] = []
  for (const { core, slices } of cores) {
    const coreWorker = coreWorkers.findIndex((those) => those.includes(core))
    for (const slice of slices) {
      const level = levels.get(slice.group) ?? 0
      const ofCoreWorkers = work[level] ?? coreWorkers.map(() => 0)
      work[level] = ofCoreWorkers
      ofCoreWorkers[coreWorker] = (ofCoreWorkers[coreWorker] ?? 0) + workOf(slice)
    }
  }
  return work.filter((ofCoreWorkers) => ofCoreWorkers !== undefined)
}

/** `size` trials or more each: a multiple of `MICRO_BATCH_UNIT`, with at most `MOST_MICRO_BATCHES` micro-batches. */
function inUnits(trials: number, size: number): number | undefined {
  const least = Math.max(size, trials / MOST_MICRO_BATCHES)
  const trialsOfEach = MICRO_BATCH_UNIT * Math.ceil(least / MICRO_BATCH_UNIT)
  return trialsOfEach < trials ? trialsOfEach : undefined
}

/** All trials run whole, on the SIMD kernel: around a cycle they pass in windows. */
function runsWhole(network: Network, kernel: KernelKind): boolean {
  const areGiven = network.groups.every((group) => group.kind !== 'source' || isGiven(group))
  const isCyclic = components(network).some(({ cyclic }) => cyclic)
  const isRouted = network.projections.some(({ through }) => through !== undefined)
  return areGiven && !isCyclic && !isRouted && chooseKernels(network, kernel).every(({ engine }) => engine === 'simd')
}
