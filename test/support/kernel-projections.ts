import fc from 'fast-check'
import { normal, uniform } from '../../src/network/initializers.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  type Pattern,
  perSource,
  perSynapse,
  type Synapse,
  synapses,
} from '../../src/network/projections.js'
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
] as const satisfies readonly KernelFeature[]
export type ProjectionForm = (typeof PROJECTION_FORMS)[number]

/** A projection into x that waits for the size of its weights: a third of them inhibit. */
export type ScaledProjection = (scale: number) => Connection<'in' | 'x', 'x'>

export function kernelProjection(range: ProjectionRange): fc.Arbitrary<ScaledProjection> {
  const { source, sources, targets, features } = range
  const drawn = fc.constant((scale: number): Pattern => dense(normal(0.4 * scale, 0.8 * scale)))
  const listed = fc.tuple(fc.nat(), absentPairs(range)).map(([seed, absent]) => {
    return (scale: number): Pattern => dense(weightRows(seed, range, scale, absent))
  })
  const weight = amountsOfNulls(features).length === 0 ? 2 : 5
  const matrix = fc.tuple(fc.oneof(drawn, { weight, arbitrary: listed }), delayOptions(range))
  const joined = matrix.map(([pattern, options]): ScaledProjection => {
    return (scale) => connect(source, 'x', pattern(scale), options)
  })
  if (!features.has('lists') || (range.form !== undefined && range.form !== 'lists')) return joined
  const entry = fc.tuple(fc.nat(sources - 1), fc.nat(targets - 1), between(-0.7, 1.5), delayTime(range))
  const hasDelays = features.has('delays per synapse')
  const list = fc
    .array(entry, { minLength: 1, maxLength: 3 * targets, size: 'max' })
    .map((entries): ScaledProjection => {
      return (scale) => {
        const list = entries.map(([s, t, weight, delay]): Synapse => {
          return hasDelays ? [s, t, 2 * scale * weight, delay] : [s, t, 2 * scale * weight]
        })
        return connect(
          source,
          'x',
          synapses(list),
          hasDelays || range.leastDelay === 0 ? {} : { delay: range.leastDelay },
        )
      }
    })
  return range.form === 'lists' ? list : fc.oneof(joined, list)
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
