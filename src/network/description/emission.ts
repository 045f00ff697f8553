import type { Quantity } from './quantity.js'

/** A spike every `period` ms: spike k of a unit at start + k · period, while that is before `stop`. */
export interface RegularEmission {
  readonly process: 'regular'
  /** In ms. */
  readonly period: Quantity
  readonly start: number
  /** Absent: without end. */
  readonly stop?: number
}

/** Spikes at a constant rate, each at an exponentially distributed interval after the one before; from `start` to `stop`. */
export interface PoissonEmission {
  readonly process: 'poisson'
  /** In Hz. */
  readonly rate: Quantity
  readonly start: number
  /** Absent: without end. */
  readonly stop?: number
}

/** Spikes at scale · rates[j] from times[j] to times[j + 1]; none before times[0], the last rate holds without end. */
export interface InhomogeneousPoissonEmission {
  readonly process: 'inhomogeneousPoisson'
  /** In ms, rising. */
  readonly times: readonly number[]
  /** In Hz, one per time. */
  readonly rates: readonly number[]
  /** Multiplies the table. */
  readonly scale: Quantity
}

/**
 * How the units of a source come to their spikes by themselves. Every unit draws from a random stream of its own, so its
 * spikes are a pure function of (seed, group, trial, unit).
 */
export type Emission = RegularEmission | PoissonEmission | InhomogeneousPoissonEmission

/** Drawn numbers of an emission, one per unit held. */
type Drawn<Described extends Emission, Field extends keyof Described> = Omit<Described, Field> &
  Readonly<Record<Field, Float64Array>>

/** An emission with every number drawn. */
export type EmissionValues =
  | Drawn<RegularEmission, 'period'>
  | Drawn<PoissonEmission, 'rate'>
  | Drawn<InhomogeneousPoissonEmission, 'scale'>

/** When an emission surely is over, in ms; Infinity if it never is. */
export function endOfEmission(emission: Emission | EmissionValues): number {
  if (emission.process !== 'inhomogeneousPoisson') return emission.stop ?? Number.POSITIVE_INFINITY
  const isOver = emission.rates.at(-1) === 0
  return isOver ? (emission.times.at(-1) as number) : Number.POSITIVE_INFINITY
}
