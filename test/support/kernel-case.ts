import fc from 'fast-check'
import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, fixedInDegree, perSource, perSynapse } from '../../src/network/description/projections.js'
import type { LifValues, NetworkInstance } from '../../src/network/instance/instance.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import type { Slice } from '../../src/network/slices/blocks.js'
import { type Spike, trainsOf } from '../learning/trains.js'
import { arbitraryScale, between } from './arbitraries.js'
import { slicesOf } from './arbitrary-cutting.js'
import { type CourseOfMany, networkOf, type WindowSample, windowSample } from './arbitrary-window-network.js'
import { casesOf } from './cases-of.js'
import type { KernelFeature } from './kernel-features.js'
import { kernelGroup } from './kernel-group.js'
import { kernelProjection, PROJECTION_FORMS } from './kernel-projections.js'

/** One group x and what comes through the projections into it. */
export interface KernelCase {
  readonly instance: NetworkInstance
  /** One train per projection. */
  readonly trains: readonly SpikeTrains[]
  readonly trials: number
  /** When the input begins; the neurons are at rest, or on their way to the bias, before. */
  readonly from: number
  readonly until: number
}

/** The same with the network that it is drawn from, and ways to cut x and the source of its input. */
export interface DrawnKernelCase extends KernelCase {
  readonly network: Network
  readonly seed: number
  readonly targetSlices: readonly Slice[]
  readonly sourceSlices: readonly Slice[]
}

/** Which cases suit a kernel. */
export interface CaseRange {
  /** Features of all cases, and features that each case may have. */
  readonly must: readonly KernelFeature[]
  readonly may: readonly KernelFeature[]
  /** Two of these that no case has both of: where both are drawn one of them is left out that need not be. */
  readonly apart?: readonly [KernelFeature, KernelFeature]
  /** Little happens in them: for kernels that take their time. Default false. */
  readonly isSmall?: boolean
}

/** Input comes within so many ms. */
const SPAN = 25
const inputTime = fc.oneof(
  fc.integer({ min: 0, max: 2 * SPAN }).map((k) => k / 2),
  between(0, SPAN),
)
/** Most spikes of a train where little is to happen, as every arrival is a step of its own there. */
const MOST_OF_SMALL = casesOf({ short: 24, long: 80 })
/** Between own spikes and what they cause. */
const LEAST_LOOP = 0.5

export function kernelCase(kind: 'lif' | 'li', range: CaseRange): fc.Arbitrary<DrawnKernelCase> {
  return fc.tuple(...range.may.map(() => fc.constantFrom(true, true, false))).chain((has) => {
    const features = new Set([...range.must, ...range.may.filter((_, k) => has[k])])
    if (range.apart?.every((feature) => features.has(feature))) features.delete(leftOut(range.apart, range, features))
    return features.has('rules') ? caseByRule(features) : caseOfSynapses(kind, features, range)
  })
}

function leftOut(
  [one, other]: readonly [KernelFeature, KernelFeature],
  { must }: CaseRange,
  { size }: ReadonlySet<KernelFeature>,
): KernelFeature {
  if (must.includes(one)) return other
  return must.includes(other) || size % 2 === 0 ? one : other
}

function caseOfSynapses(
  kind: 'lif' | 'li',
  features: ReadonlySet<KernelFeature>,
  { must, isSmall = false }: CaseRange,
): fc.Arbitrary<DrawnKernelCase> {
  // What comes back takes many short windows.
  const isLooped = must.includes('recurrent input')
  const few = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: isSmall ? 4 : 12 }) }, fc.constantFrom(8, 16))
  const blocks = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 33, max: 40 }) }, fc.integer({ min: 65, max: 100 }))
  const crowd = fc.integer({ min: 65, max: 80 })
  const numberOfTrials = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 1, max: isSmall && isLooped ? 2 : 3 }) },
    isSmall ? fc.constant(isLooped ? 3 : 4) : fc.integer({ min: 4, max: 10 }),
  )
  return fc
    .record({
      size: !features.has('several blocks') ? few : isSmall ? fc.integer({ min: 33, max: 35 }) : blocks,
      sources: features.has('many rows') ? crowd : fc.integer({ min: 1, max: 6 }),
      projections: fc.integer({ min: 1, max: 3 }),
      from: isLooped ? fc.constantFrom(0, 0, 100) : fc.constantFrom(0, 0, 0, 1000, 999_983),
      timeScale: isLooped ? fc.constant(1) : fc.constantFrom(1, 1, 1, 1, 1, 40),
    })
    .chain(({ size, sources, projections, from, timeScale }) => {
      const isRecurrent = features.has('recurrent input')
      const forms = PROJECTION_FORMS.filter((form) => features.has(form))
      const ways = Array.from({ length: Math.max(projections, forms.length) }, (_, p) =>
        kernelProjection({ source: 'in', sources, targets: size, features, leastDelay: 0, form: forms[p] }),
      )
      const leastDelay = features.has('loops without delay') ? 0 : LEAST_LOOP
      const loop = { source: 'x', sources: size, targets: size, features, leastDelay } as const
      const units = [...ways.map(() => sources), ...(isRecurrent ? [size] : [])]
      return fc.record({
        sources: fc.constant(sources),
        // Nobody fires all the time where that would take long.
        x: kernelGroup(kind, size, features, from > 0 || timeScale > 1 || (isLooped && isSmall) ? 0.7 : 1.2),
        ways: fc.tuple(...ways),
        loops: isRecurrent ? fc.tuple(kernelProjection(loop)) : fc.constant([]),
        trials: numberOfTrials.chain((length) => {
          return fc.array(fc.tuple(...units.map((unit) => trainOf(unit, isSmall && !isLooped))), {
            minLength: length,
            maxLength: length,
          })
        }),
        seed: fc.nat(),
        strength: arbitraryScale(0.2, 1.5),
        from: fc.constant(from),
        timeScale: fc.constant(timeScale),
        targetSlices: slicesOf(size),
        sourceSlices: slicesOf(sources),
      })
    })
    .map(({ sources, x, ways, loops, trials, strength, ...sample }) => {
      const busiest = Math.max(...trials.flatMap((trial) => trial.map((train) => train.length)), 1)
      const scale = (5 * strength) / Math.sqrt(busiest * ways.length)
      // Excitation around a loop stays far below one spike per spike, else activity would never stop growing.
      const around = (0.3 * strength) / x.size
      const projections = [...ways.map((way) => way(scale)), ...loops.map((loop) => loop(around))]
      const network = defineNetwork({ groups: { in: source(sources), x }, projections })
      return placeTrials({ ...sample, network, length: 35 }, trials)
    })
}

/** A few spikes, or as many as are sorted in other ways: evenly spread, crowded, or all at once. */
function trainOf(sources: number, isShort: boolean): fc.Arbitrary<readonly Spike[]> {
  const unit = fc.nat(sources - 1)
  const few = fc.array(fc.record({ time: inputTime, unit }), { maxLength: 10, size: 'max' })
  const many = (when: fc.Arbitrary<number>) =>
    fc.array(fc.record({ time: when, unit }), { minLength: 20, maxLength: isShort ? MOST_OF_SMALL : 80, size: 'max' })
  return fc.oneof(
    { weight: 16, arbitrary: few },
    { weight: 1, arbitrary: many(between(0, SPAN)) },
    { weight: 1, arbitrary: many(fc.oneof(between(7, 7.01), between(0, SPAN))) },
    { weight: 1, arbitrary: many(fc.constantFrom(3, 3.5)) },
  )
}

const RULE_DELAYS = {
  'delays per synapse': perSynapse(uniform(0, 3)),
  'scalar delays': 1.5,
  'delays per source': perSource(uniform(0.2, 4)),
} as const
const RULE_FORMS = ['delays per synapse', 'scalar delays', 'delays per source'] as const

/** Something lifts its neurons: else no case of it would have a spike. */
function isExcited({ neuron: { bias }, projections }: WindowSample): boolean {
  return (
    bias > 1 ||
    projections.some(({ weights }) => (typeof weights === 'number' ? weights > 0 : weights.distribution === 'normal'))
  )
}
const ruleAdaptation = fc.constantFrom({ adaptStep: 0.2, tauAdapt: 40 }, { adaptStep: 1, tauAdapt: 6 })

/** With these the window kernel does not scale the state of neurons. */
const UNSCALED_FEATURES = ['two currents', 'taus per neuron', 'tauAdapt per neuron'] as const

/** What inhibition lasts, as a multiple of what excitation does; 0: as long as the membrane. */
const besides = fc.constantFrom(0.3, 0.5, 0, 2, 4.5)

/** Time constants by features, about those that are drawn. */
function courseOf(
  [tauMem, tauSyn]: readonly number[],
  beside: number,
  features: ReadonlySet<KernelFeature>,
): CourseOfMany {
  const [mem, exc, inh] = [tauMem!, tauSyn!, beside === 0 ? tauMem! : beside * tauSyn!].map((tau) => {
    return features.has('taus per neuron') ? uniform(0.6 * tau, 1.7 * tau) : tau
  })
  if (!features.has('two currents')) return { tauMem: mem!, tauSyn: exc! }
  return { tauMem: mem!, tauSynExc: exc!, tauSynInh: inh! }
}

/** Groups whose synapses follow rules: large. */
function caseByRule(features: ReadonlySet<KernelFeature>): fc.Arbitrary<DrawnKernelCase> {
  const forms = RULE_FORMS.filter((form) => features.has(form))
  const loop = fixedInDegree(20, normal(-0.01, 0.02))
  const loopDelay = fc.constantFrom(LEAST_LOOP, 1.7, perSynapse(uniform(LEAST_LOOP, 3)))
  const loops = features.has('recurrent input')
    ? loopDelay.map((delay) => [connect('x', 'x', loop, { delay })])
    : fc.constant([])
  return fc
    .tuple(
      windowSample.filter(isExcited),
      loops,
      features.has('adaptation') ? ruleAdaptation : fc.constant({ adaptStep: 0, tauAdapt: 100 }),
      besides,
    )
    .map(([{ neuron: drawn, projections }, around, adaptation, beside]) => {
      const { tauAdapt } = adaptation
      const neuron = {
        ...{ ...drawn, ...adaptation },
        refractory: features.has('refractory periods') ? drawn.refractory || (2 as const) : (0 as const),
        adaptStep: features.has('adaptation') ? uniform(0, 0.4) : 0,
        tauAdapt: features.has('tauAdapt per neuron') ? uniform(0.5 * tauAdapt, 2 * tauAdapt) : tauAdapt,
      }
      const formed = Array.from({ length: Math.max(projections.length, forms.length) }, (_, p) => {
        const drawn = projections[p % projections.length]!
        return forms[p] === undefined ? drawn : { ...drawn, delay: RULE_DELAYS[forms[p]] }
      })
      const course = courseOf(drawn.taus, beside, features)
      return networkOf({ neuron, course, projections: formed }, ['in', 'x'], { loops: around, inDegrees: [150, 20] })
    })
    .chain((network) => {
      const sizes = Object.fromEntries(network.groups.map(({ name, size }) => [name, size]))
      const isScaled = UNSCALED_FEATURES.every((feature) => !features.has(feature))
      const trains = network.projections.map(({ source: name }) => {
        const spike = fc.record({ time: inputTime, unit: fc.nat(sizes[name]! - 1) })
        // Neurons that differ graze their thresholds the more often the more spikes there are.
        return fc.array(spike, { minLength: isScaled ? 20 : 8, maxLength: isScaled ? 60 : 24, size: 'max' })
      })
      return fc.record({
        network: fc.constant(network),
        trials: fc.array(fc.tuple(...trains), { minLength: 1, maxLength: isScaled ? 2 : 3 }),
        seed: fc.nat(),
        from: fc.constantFrom(0, 0, 100),
        targetSlices: slicesOf(sizes.x!),
        sourceSlices: slicesOf(sizes.in!),
      })
    })
    .map(({ trials, ...sample }) => placeTrials({ ...sample, length: 40, timeScale: 1 }, trials))
}

/** Puts the spikes of each trial and projection where they belong. */
function placeTrials(
  {
    from,
    length,
    timeScale,
    ...drawn
  }: Omit<DrawnKernelCase, 'trials' | 'trains' | 'until' | 'instance'> & {
    readonly length: number
    readonly timeScale: number
  },
  trials: readonly (readonly (readonly Spike[])[])[],
): DrawnKernelCase {
  const placed = (spikes: readonly Spike[]) =>
    spikes.map((spike) => ({ ...spike, time: from + timeScale * spike.time }))
  return {
    ...drawn,
    instance: instantiate(drawn.network, drawn.seed),
    trains: drawn.network.projections.map((_, p) => trainsOf(trials.map((trial) => placed(trial[p]!)))),
    ...{ trials: trials.length, from, until: from + length * timeScale },
  }
}

/** Whether a bias alone lifts some neuron over its threshold, again and again. */
export function firesForEver({ instance }: KernelCase): boolean {
  const { bias, threshold } = instance.groups.find(({ kind }) => kind === 'lif') as LifValues
  return bias.some((each, n) => each >= threshold[n]!)
}

export function kernelOf({ instance }: KernelCase, kind: KernelKind = 'reference'): Kernel {
  return chosenKernelOfGroup(kind, instance, 'x')
}

export function optionsOf({ trials, until }: KernelCase, options: Partial<KernelOptions> = {}): KernelOptions {
  return {
    trials,
    until,
    whole: true,
    gradients: true,
    stopAfterFirst: false,
    trackSilent: false,
    undefinedSlope: 'ignore',
    beat: () => undefined,
    ...options,
  }
}
