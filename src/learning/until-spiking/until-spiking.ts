import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Network } from '../../network/description/network.js'
import { scaleWeights } from '../../network/description/scale-weights.js'
import { type Component, components } from '../../network/graph/components.js'
import { requireEndingGraph } from '../../network/graph/decidable.js'
import { isSpiking } from '../../network/models/models.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import type { Task } from '../task.js'
import { measuredTrials, type SpikingSubject } from './measured-trials.js'
import { type RateRange, readRateRange } from './rate-range.js'
import { type KnownSpikes, runComponent, unlessRunaway } from './run-component.js'

/** A factor of weights, and the rate that neurons have with it. */
interface MeasuredRate {
  readonly factor: number
  readonly rate: number
}

/** What came of a search: a factor with a rate within the range, or the closest on either side of it. */
type FoundFactor =
  | { readonly found: MeasuredRate }
  | { readonly found: null; readonly below: MeasuredRate | null; readonly above: MeasuredRate | null }

/** So often the factor is doubled or halved before one with a rate on the other side is given up. */
const DOUBLINGS = 40

const BISECTIONS = 24

/**
 * The first factor with a rate in [low, high]: from `start` on by doubling, or halving, until the rate comes to the other side of
 * the range, then by bisection of the logarithm. A start whose rate is in the range stays.
 */
export function searchFactor(
  start: number,
  [low, high]: readonly [low: number, high: number],
  rateAt: (factor: number) => number,
): FoundFactor {
  let below: MeasuredRate | null = null
  let above: MeasuredRate | null = null
  let factor = start
  for (let step = 0; step <= DOUBLINGS + BISECTIONS; step++) {
    const measured = { factor, rate: rateAt(factor) }
    if (measured.rate >= low && measured.rate <= high) return { found: measured }
    if (measured.rate < low) below = measured
    else above = measured
    if (below !== null && above !== null) factor = Math.sqrt(below.factor * above.factor)
    else if (step === DOUBLINGS) break
    else factor = below === null ? factor / 2 : factor * 2
  }
  return { found: null, below, above }
}

export interface UntilSpikingOptions {
  /** Spikes per neuron and trial, as a mean over the neurons of a group and the trials: [low, high]; default [0.2, 2]. */
  readonly rate?: RateRange
  /** Draws the weights that are measured, and the samples of a task; default 0. */
  readonly seed?: number
  /** Of a task, those that are measured, drawn from its training split; default 64. */
  readonly samples?: number
}

export const SPIKING_RATE: RateRange = Object.freeze([0.2, 2])

const READERS: Readers<UntilSpikingOptions> = { rate: readRateRange, seed: integerFrom(0), samples: integerFrom(1) }

/** So often the groups of a cycle are gone through, each of which changes what the others hear. */
const MOST_SWEEPS = 8

/**
 * The network with initial weights that let its neurons spike: runs one mini-batch and scales, layer after layer, all weights
 * into each lif group by one factor, until its neurons spike as often as `rate` says.
 *
 *     w := f w        f = 1 if the rate is right as it is,
 *                     else the first right one of 2^±1, 2^±2, … and what bisection finds between
 *
 * A group that is joined to itself keeps these weights: what comes from others is scaled, while it hears itself. The groups of a
 * larger cycle are gone through in turn until all are right. Readouts stay as they are; operators are left out of what is
 * measured. Distributions stay distributions, so that another seed draws other weights of the same strength. The result is
 * a function of the arguments alone, and that of a network that spikes already is the network itself.
 *
 * Raises `InputError` RATE_UNREACHABLE, naming the group, for a rate that no factor leads to, ACTOR_UNSUPPORTED, and what
 * is wrong with network or trials.
 *
 * @example
 * const network = untilSpiking(task)
 * const session = await openCluster(network, placeOnCores(network, 2))
 */
export function untilSpiking(subject: Task | SpikingSubject, options: UntilSpikingOptions = {}): Network {
  const { rate = SPIKING_RATE, seed = 0, samples = 64 } = readOptions(options, READERS)
  const { network, trials } = measuredTrials(subject, { seed, samples })
  if (trials.until === Infinity) requireEndingGraph(network)
  refuseActors(network)
  const factors = new Map<string, number>()
  const known = new Map<string, SpikeTrains>()
  for (const component of components(network)) {
    const measure = createMeasure(network, component, factors, { rate, run: { seed, trials, known } })
    for (const [name, trains] of settle(measure)) known.set(name, trains)
  }
  return withFactors(network, factors)
}

/** Their modules are loaded by sessions alone. */
function refuseActors({ groups }: Network): void {
  const found = groups.find(({ kind }) => kind === 'actor')
  if (found === undefined) return
  throw new InputError({
    code: 'ACTOR_UNSUPPORTED',
    field: 'network',
    found: `the actor "${found.name}"`,
    expected: 'sources, neurons and readouts alone',
    remedy: 'Measure the layers before it as a network of their own.',
  })
}

/** A component whose weights are looked for. */
interface Measure {
  readonly rate: RateRange
  /** Lif groups that hear others, in description order. */
  readonly groups: readonly string[]
  readonly factors: Map<string, number>
  /** The spikes with the factors of now; null: far too many. */
  run(): KnownSpikes | null
  rateOf(group: string, spikes: KnownSpikes | null): number
  unreachable(group: string, found: Exclude<FoundFactor, { found: object }>): Error
}

interface MeasureOptions {
  readonly rate: RateRange
  readonly run: Omit<Parameters<typeof runComponent>[2], 'most'>
}

function createMeasure(
  network: Network,
  component: Component,
  factors: Map<string, number>,
  { rate, run }: MeasureOptions,
): Measure {
  const members = network.groups.filter((group) => isSpiking(group) && component.groups.includes(group.name))
  const sizes = new Map(members.map(({ name, size }) => [name, size]))
  const neurons = members.reduce((sum, { size }) => sum + size, 0)
  // Twice what all may have: where one group has too much, the search continues with less.
  const most = 2 * rate[1] * neurons * run.trials.count
  return {
    ...{ rate, factors, groups: members.map(({ name }) => name) },
    run: () => unlessRunaway(() => runComponent(withFactors(network, factors), component, { ...run, most })),
    rateOf: (group, spikes) => {
      const size = sizes.get(group) as number
      return spikes === null ? Infinity : (spikes.get(group) as SpikeTrains).times.length / (size * run.trials.count)
    },
    unreachable: (group, found) => unreachable(network, component, { group, rate, known: run.known, found }),
  }
}

/** The spikes of a component once all its groups spike as they should. */
function settle(measure: Measure): KnownSpikes {
  const { groups, rate, factors } = measure
  const isRight = (group: string, spikes: KnownSpikes | null) => {
    const found = measure.rateOf(group, spikes)
    return found >= rate[0] && found <= rate[1]
  }
  let failed: Error | null = null
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const spikes = measure.run()
    if (spikes !== null && groups.every((group) => isRight(group, spikes))) return spikes
    failed = null
    for (const group of groups) {
      const before = factors.get(group) ?? 1
      const result = searchFactor(before, rate, (factor) => {
        factors.set(group, factor)
        return measure.rateOf(group, measure.run())
      })
      if (result.found !== null) continue
      // Another group of the cycle may have to spike first.
      factors.set(group, before)
      failed ??= measure.unreachable(group, result)
      if (groups.length === 1) throw failed
    }
  }
  throw failed ?? measure.unreachable(groups[0] as string, { found: null, below: null, above: null })
}

/** All weights into a group have its factor, but those from itself. */
function withFactors(network: Network, factors: ReadonlyMap<string, number>): Network {
  const isOwn = (name: string) => (factors.get(name) ?? 1) === 1
  if (network.groups.every(({ name }) => isOwn(name))) return network
  return scaleWeights(network, ({ source, target }) => (source === target ? 1 : (factors.get(target) ?? 1)))
}

interface Unreachable {
  readonly group: string
  readonly rate: RateRange
  readonly known: KnownSpikes
  readonly found: Exclude<FoundFactor, { found: object }>
}

/** The error of a group whose rate no factor of its weights leads into the range. */
function unreachable(
  network: Network,
  component: Component,
  { group, rate: [low, high], known, found: { below, above } }: Unreachable,
): InputError {
  const incoming = network.projections.filter(({ source, target }) => target === group && source !== group)
  const heard = incoming.some(
    ({ source }) => component.groups.includes(source) || (known.get(source)?.times.length ?? 0) > 0,
  )
  const ends = [below, above].filter((end) => end !== null).map(describe)
  return new InputError({
    code: 'RATE_UNREACHABLE',
    field: `groups.${group}`,
    found: `${ends.length === 0 ? 'no rate that stays, as the groups of its cycle are scaled in turn' : ends.join(' and ')}${heard ? '' : '; no spike reaches it'}`,
    expected: `${low} to ${high} spikes per neuron and trial in a mini-batch`,
    remedy: remedyFor(heard, below, above),
  })
}

function describe({ rate, factor }: MeasuredRate): string {
  const times = factor === 1 ? 'with the weights as they are' : `with weights times ${factor.toPrecision(3)}`
  return `${Number.isFinite(rate) ? Number(rate.toPrecision(3)) : 'far too many'} spikes per neuron and trial ${times}`
}

function remedyFor(isHeard: boolean, below: MeasuredRate | null, above: MeasuredRate | null): string {
  if (!isHeard && above === null) return 'Give it inputs that spike: check which groups the data set has spikes for.'
  if (below !== null && above !== null)
    return 'Widen the range, or draw weights that differ between neurons, which then do not all begin to spike at once.'
  if (above !== null)
    return 'Lower its bias, or what excites it from inside its cycle: smaller inputs alone do not calm it.'
  return 'Make more of the weights into it positive, or lower its threshold: larger ones alone do not make it spike.'
}
