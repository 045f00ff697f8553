import fc from 'fast-check'
import { normal, uniform } from '../../src/network/description/initializers.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  fixedProbability,
  oneToOne,
  type Pattern,
  perSource,
  perSynapse,
  type Synapse,
  synapses,
} from '../../src/network/description/projections.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { between } from './arbitraries.js'
import type { KernelFeature } from './kernel-features.js'
import { nullPairs, nulls } from './null-weights.js'

export interface ProjectionRange {
  readonly source: 'in' | 'x'
  readonly sources: number
  readonly targets: number
  readonly features: ReadonlySet<KernelFeature>
  /** Delays are at least this long, unless there are none. */
  readonly leastDelay: number
  /** Is this, whatever the others are; absent: any that has these features, or none of them. */
  readonly form?: ProjectionForm | undefined
}

/** What a projection has one of. */
export const PROJECTION_FORMS = [
  'delays per synapse',
  'scalar delays',
  'delays per source',
  'lists',
  'small rules',
] as const satisfies readonly KernelFeature[]
export type ProjectionForm = (typeof PROJECTION_FORMS)[number]

/** A projection into x that waits for the size of its weights: a third of them inhibit. */
export type ScaledProjection = (scale: number) => Connection<'in' | 'x', 'x'>

export function kernelProjection(range: ProjectionRange): fc.Arbitrary<ScaledProjection> {
  const { source, features } = range
  const drawn = fc.constant((scale: number): Pattern => dense(normal(0.4 * scale, 0.8 * scale)))
  const listed = fc.tuple(fc.nat(), absentPairs(range)).map(([seed, absent]) => {
    return (scale: number): Pattern => dense(weightRows(seed, range, scale, absent))
  })
  const weight = amountsOfNulls(features).length === 0 ? 2 : 5
  const matrix = fc.tuple(fc.oneof(drawn, { weight, arbitrary: listed }), delayOptions(range))
  const joined = matrix.map(([pattern, options]): ScaledProjection => {
    return (scale) => connect(source, 'x', pattern(scale), options)
  })
  const others = [
    ...(features.has('lists') && takesForm(range, 'lists') ? [listedProjection(range)] : []),
    ...(features.has('small rules') && takesForm(range, 'small rules') ? [projectionByRule(range)] : []),
  ]
  const isGiven = range.form === 'lists' || range.form === 'small rules'
  return isGiven ? (others[0] ?? joined) : fc.oneof(joined, ...others)
}

function takesForm({ form }: ProjectionRange, own: ProjectionForm): boolean {
  return form === undefined || form === own
}

/** Some pairs have several synapses. */
function listedProjection(range: ProjectionRange): fc.Arbitrary<ScaledProjection> {
  const { source, sources, targets, features } = range
  const entry = fc.tuple(fc.nat(sources - 1), fc.nat(targets - 1), between(-0.7, 1.5), delayTime(range))
  const entries = fc.array(entry, { minLength: 1, maxLength: 3 * targets, size: 'max' })
  const own = entries.map((list): ScaledProjection => {
    return (scale) =>
      connect(source, 'x', synapses(list.map(([s, t, weight, delay]): Synapse => [s, t, 3 * scale * weight, delay])))
  })
  const alike = fc.tuple(entries, delayOptions(withoutOwn(range))).map(([list, options]): ScaledProjection => {
    return (scale) =>
      connect(source, 'x', synapses(list.map(([s, t, weight]): Synapse => [s, t, 3 * scale * weight])), options)
  })
  return features.has('delays per synapse') ? fc.oneof(own, alike) : alike
}

/** Every kind of rule; some may join a pair several times. */
function projectionByRule(range: ProjectionRange): fc.Arbitrary<ScaledProjection> {
  const { source, sources, targets, features } = range
  const isRecurrent = source === 'x'
  const [most, mostOut] = isRecurrent ? [sources - 1, targets - 1] : [sources, targets]
  const patterns = fc.constantFrom<(scale: number) => Pattern>(
    (scale) => fixedProbability(0.4, normal(1.3 * scale, 2 * scale)),
    (scale) => fixedInDegree(1 + sources, normal(0.6 * scale, 0.9 * scale), { multiple: true, selfConnections: true }),
    (scale) => fixedOutDegree(1 + targets, normal(0.6 * scale, 0.9 * scale), { multiple: true, selfConnections: true }),
    ...(most > 0 ? [(scale: number) => fixedInDegree(Math.ceil(most / 2), normal(0.8 * scale, 1.2 * scale))] : []),
    ...(mostOut > 0
      ? [(scale: number) => fixedOutDegree(Math.ceil(mostOut / 2), normal(0.8 * scale, 1.2 * scale))]
      : []),
    ...(sources === targets ? [(scale: number) => oneToOne(normal(scale, scale))] : []),
  )
  const long = delayOptions(withoutOwn(range))
  const own = fc.constant({ delay: perSynapse(uniform(range.leastDelay, 5)) })
  const delays = features.has('delays per synapse') ? fc.oneof(own, long) : long
  return fc.tuple(patterns, delays).map(([pattern, options]): ScaledProjection => {
    return (scale) => connect(source, 'x', pattern(scale), options)
  })
}

/** The same where no delay belongs to a synapse alone. */
function withoutOwn({ form: _, ...range }: ProjectionRange): ProjectionRange {
  return { ...range, features: new Set([...range.features].filter((feature) => feature !== 'delays per synapse')) }
}

/** Times on a coarse grid meet one another; times off it don't. */
function delayTime({ leastDelay }: ProjectionRange): fc.Arbitrary<number> {
  const time = fc.oneof(fc.constantFrom(0, 0.5, 1, 2), between(0, 5))
  return time.map((delay) => Math.max(delay, leastDelay))
}

function delayOptions(range: ProjectionRange): fc.Arbitrary<ConnectOptions> {
  const { source, sources, targets, features, leastDelay } = range
  const time = delayTime(range)
  const long = uniform(leastDelay, 5)
  const listed = fc.array(time, { minLength: sources, maxLength: sources })
  const grid = Array.from({ length: targets * sources }, (_, k) => Math.max(leastDelay, ((k * 7) % 9) / 2))
  const own = fc.constantFrom(long, grid).map((delay): ConnectOptions => ({ delay: perSynapse(delay) }))
  const shapes: Readonly<Partial<Record<KernelFeature, fc.Arbitrary<ConnectOptions>>>> = {
    'scalar delays': time.map((delay) => ({ delay })),
    'delays per source': fc.oneof(listed, fc.constant(long)).map((delay) => ({ delay: perSource(delay) })),
    'delays per synapse': own,
  }
  const given = range.form === undefined ? undefined : shapes[range.form]
  if (given !== undefined) return given
  const drawn = PROJECTION_FORMS.flatMap((form) => (features.has(form) ? (shapes[form] ?? []) : []))
  const hasNone = source === 'in' || features.has('loops without delay')
  return fc.oneof(...drawn, hasNone ? fc.constant({}) : time.map((delay) => ({ delay })))
}

function amountsOfNulls(features: ReadonlySet<KernelFeature>): readonly ('few' | 'many')[] {
  return (['few', 'many'] as const).filter((amount) => features.has(`${amount} absent pairs`))
}

/** Pairs without a synapse, if any. */
function absentPairs(range: ProjectionRange): fc.Arbitrary<ReadonlySet<number>> {
  const amounts = amountsOfNulls(range.features)
  if (amounts.length === 0) return fc.constant(new Set<number>())
  return fc.tuple(nulls, fc.nat(), fc.constantFrom(...amounts)).map(([kind, seed, amount]) => {
    return nullPairs(range, kind, seed, amount)
  })
}

function weightRows(
  seed: number,
  { sources, targets }: ProjectionRange,
  scale: number,
  absent: ReadonlySet<number>,
): (number | null)[][] {
  const random = createRandomStream(seed, 'weights')
  // Fewer synapses pull no less.
  const strength = scale / Math.sqrt(Math.max(0.05, 1 - absent.size / (sources * targets)))
  return Array.from({ length: targets }, (_, t) =>
    Array.from({ length: sources }, (__, s) => {
      const at = t * sources + s
      if (absent.has(at)) return null
      return at % 17 === 3 ? 0 : strength * (2.8 * random.uniform(at) - 0.9)
    }),
  )
}
