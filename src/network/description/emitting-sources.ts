import { readPlain } from '../reading/read-value.js'
import type { Quantity, SourceGroup } from './network.js'

/** When a source begins and ends to emit by itself. */
export interface EmissionSpan {
  /** In ms; default 0. */
  readonly start?: number
  /** In ms, exclusive; default: it never ends. */
  readonly stop?: number
}

/**
 * A source whose units emit at even distances.
 *
 *     t_k = start + k period        k = 0, 1, …        t_k < stop
 *
 * `period` in ms: one number, one per unit, or an initializer. `defineNetwork` checks the values.
 *
 * @example regular(3, { period: [10, 20, 30], stop: 100 })
 */
export function regular(size: number, options: EmissionSpan & { readonly period: Quantity }): SourceGroup {
  readPlain(options, 'options')
  return Object.freeze({ kind: 'source', size, emission: Object.freeze({ start: 0, ...options, process: 'regular' }) })
}

/**
 * A source whose units emit independent Poisson spike trains, at exact times.
 *
 *     P(interval > t) = e^{-rate t / 1000}        independent intervals, the first one from `start`
 *
 * `rate` in Hz: one number, one per unit, or an initializer. Each train is drawn from the stream `group/spikes/trial/unit`
 * of the seed: the trains of a trial are the same in every run of a session. A Poisson input of its own for every neuron of a
 * group is a source of the same size, joined to it by `oneToOne`. `defineNetwork` checks the values.
 *
 * @example
 * const network = defineNetwork({
 *   groups: { drive: poisson(8000, { rate: 20_000 }), exc: lif(8000, { tauMem: 20, tauSyn: 0.5, threshold: 20 }) },
 *   projections: [connect('drive', 'exc', oneToOne(4))],
 * })
 */
export function poisson(size: number, options: EmissionSpan & { readonly rate: Quantity }): SourceGroup {
  readPlain(options, 'options')
  return Object.freeze({ kind: 'source', size, emission: Object.freeze({ start: 0, ...options, process: 'poisson' }) })
}

/** A rate that changes in steps: rates[j] holds from times[j] to times[j + 1], the last one without end. */
export interface RateTable {
  /** In ms, rising; before the first there are no spikes. */
  readonly times: readonly number[]
  /** In Hz, one per time; a last rate of 0 ends the emission. */
  readonly rates: readonly number[]
  /** Multiplies the rates: one number, one per unit, or an initializer. Default 1. */
  readonly scale?: Quantity
}

/**
 * A source whose units emit independent Poisson spike trains at a rate that changes in steps, at exact times.
 *
 *     scale ∫ rate dt / 1000, from one spike to the next, is exponential with mean 1
 *
 * Trains are drawn as those of `poisson`. `defineNetwork` checks the values.
 *
 * @example inhomogeneousPoisson(100, { times: [0, 50, 60], rates: [5, 200, 5] })
 */
export function inhomogeneousPoisson(size: number, table: RateTable): SourceGroup {
  readPlain(table, 'table')
  const emission = { scale: 1, ...table, process: 'inhomogeneousPoisson' } as const
  return Object.freeze({ kind: 'source', size, emission: Object.freeze(emission) })
}
