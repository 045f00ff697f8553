import { type Readers, readRequired } from '../network/reading/read-fields.js'
import { readList } from '../network/reading/read-list.js'
import { indexBelow, integerFrom, readNonNegative, readPositive } from '../network/reading/read-number.js'
import { instanceOf, readFunction } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { DEFAULT_NOISE, probePoints, type QuotientOptions, quotientOf } from './central-quotient.js'
import type { Quotient } from './richardson.js'

/** A loss, and the sequence of events that led to it in any form that compares with ===. */
export interface Probe {
  readonly value: number
  /** Quotients across a change of events are no derivatives; absent if there are no events. */
  readonly events?: string
}

export interface GradientCheckOptions extends QuotientOptions {
  /** Where the gradient was taken; left alone. */
  readonly values: Float64Array
  /** The exact gradient at `values`. */
  readonly gradient: Float64Array
  /** The loss at other values. */
  readonly probe: (values: Float64Array) => Probe | Promise<Probe>
  /** The largest step of the quotients, in the unit of the values. */
  readonly step: number
  /** Entries to check; default all. */
  readonly indices?: readonly number[]
  /** Default 1e-6. */
  readonly tolerance?: number
  /** Quotients below this share of the largest gradient count as that large; default 1e-3. */
  readonly floor?: number
  /** How often the step is divided by 8 to escape a change of events; default 2. */
  readonly retries?: number
}

const READERS: Readers<GradientCheckOptions> = {
  values: readDoubles,
  gradient: readDoubles,
  probe: readFunction,
  step: readPositive,
  indices: readIndices,
  tolerance: readNonNegative,
  floor: readNonNegative,
  retries: integerFrom(0),
  levels: integerFrom(2),
  noise: readNonNegative,
}

/** One entry of a gradient beside its difference quotient. */
export interface GradientComparison {
  readonly index: number
  readonly exact: number
  readonly quotient: number
  /** Estimated error of the quotient. */
  readonly error: number
  /**
   * |exact - quotient| / (tolerance max(|quotient|, floor max|gradient|) + error): at most 1 if they agree, Infinity where
   * NaN is met.
   */
  readonly ratio: number
}

export interface GradientCheck {
  readonly compared: readonly GradientComparison[]
  /** Entries whose events change under every step that was tried. */
  readonly skipped: readonly number[]
  /** Comparisons with a ratio above 1. */
  readonly failures: readonly GradientComparison[]
  /** The comparison with the largest ratio; null if every entry was skipped. */
  readonly worst: GradientComparison | null
}

/**
 * Compares an exact gradient g with Richardson-extrapolated central difference quotients q, entry by entry.
 *
 *     |g - q| <= tolerance · max(|q|, floor · max|g|) + error(q)
 *
 * An entry is skipped only if the sequence of events differs between its probes, also with smaller steps.
 *
 * @example
 * const { failures, skipped } = await checkGradient({ values, gradient, probe, step: 1e-3 })
 */
export async function checkGradient(given: GradientCheckOptions): Promise<GradientCheck> {
  const options = plainOptions(given)
  const { values, gradient, tolerance = 1e-6, floor = 1e-3 } = options
  const least = floor * largestMagnitude(gradient)
  const compared: GradientComparison[] = []
  const skipped: number[] = []
  for (const index of options.indices ?? values.keys()) {
    const quotient = await quotientAt(options, index)
    if (quotient === null) {
      skipped.push(index)
      continue
    }
    const exact = gradient[index] as number
    const allowed = tolerance * Math.max(Math.abs(quotient.value), least) + quotient.error
    const distance = Math.abs(exact - quotient.value)
    const ratio = distance === 0 ? 0 : distance / allowed
    compared.push({
      index,
      exact,
      quotient: quotient.value,
      error: quotient.error,
      ratio: Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio,
    })
  }
  return {
    compared,
    skipped,
    failures: compared.filter(({ ratio }) => ratio > 1),
    worst: compared.reduce<GradientComparison | null>(
      (top, each) => (top && top.ratio >= each.ratio ? top : each),
      null,
    ),
  }
}

function plainOptions(given: GradientCheckOptions): GradientCheckOptions {
  const options = readRequired(given, READERS, ['values', 'gradient', 'probe', 'step'])
  const { length } = options.values
  if (options.gradient.length !== length)
    throw wrongShape('options.gradient', `${options.gradient.length} values`, `${length}`)
  return options
}

function readDoubles(value: unknown, field: string): Float64Array {
  return instanceOf(Float64Array)(value, field)
}

function readIndices(value: unknown, field: string): readonly number[] {
  return readList(value, field).map((index, k) => {
    return indexBelow(Number.MAX_SAFE_INTEGER, 'OPTION_OUT_OF_RANGE')(index, `${field}[${k}]`)
  })
}

/** Null if the events differ between the probes, whatever the step. */
async function quotientAt(options: GradientCheckOptions, index: number): Promise<Quotient | null> {
  const { values, probe, levels = 5, noise = DEFAULT_NOISE, retries = 2 } = options
  const at = async (value: number): Promise<Probe> => {
    const probed = values.slice()
    probed[index] = value
    return await probe(probed)
  }
  const { events } = await at(values[index] as number)
  for (let attempt = 0, step = options.step; attempt <= retries; attempt++, step /= 8) {
    const points = probePoints(values[index] as number, step, levels)
    const found: { low: number; high: number }[] = []
    for (const point of points) {
      const low = await at(point.low)
      const high = await at(point.high)
      if (low.events !== events || high.events !== events) break
      found.push({ low: low.value, high: high.value })
    }
    if (found.length === points.length) return quotientOf(points, found, noise)
  }
  return null
}

/** Entries that are not finite fail by themselves and shall not spoil the scale of the others. */
function largestMagnitude(gradient: Float64Array): number {
  return gradient.reduce((top, entry) => (Number.isFinite(entry) ? Math.max(top, Math.abs(entry)) : top), 0)
}
