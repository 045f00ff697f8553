import type { Network } from '../network/description/network.js'
import { type Readers, readRequired } from '../network/reading/read-fields.js'
import { numberThat } from '../network/reading/read-number.js'
import type { Reader } from '../network/reading/read-value.js'
import { requireGroup, requireNumber } from './step-rules.js'

/**
 * How many spikes a group may have. Neurons outside of [low, high] are pushed back with a strength that adapts by itself, from
 * mini-batch to mini-batch:
 *
 *     strength := strength · exp(gain · min(spikes / target - 1, 1))
 *
 * with `spikes` the mean over its neurons and the trials of a mini-batch, within a factor of 10^4 of `start` either way.
 * Fewer spikes than the target are no fault: then the strength falls. Heuristic, no gradient.
 */
export interface SpikeBudget {
  /** Spikes per neuron and trial, in the mean; above 0. */
  readonly target: number
  /** A neuron with more spikes than this in a trial is pushed back; default 6. */
  readonly high?: number
  /** One with fewer is pushed on; default 0: none. */
  readonly low?: number
  /** Default 0.03. */
  readonly gain?: number
  /** The strength in the first mini-batch; default 1e-4. */
  readonly start?: number
}

export type SpikeBudgets = Readonly<Record<string, Required<SpikeBudget>>>

const DEFAULTS = { high: 6, low: 0, gain: 0.03, start: 1e-4 } as const

const readPositive = numberThat({ code: 'TRAIN_OPTION', expected: 'a finite number above 0', holds: (n) => n > 0 })
const readBound = numberThat({ code: 'TRAIN_OPTION', expected: 'a finite number from 0', holds: (n) => n >= 0 })

const READERS: Readers<SpikeBudget> = {
  target: readPositive,
  high: readBound,
  low: readBound,
  gain: readPositive,
  start: readPositive,
}

/** A budget as it was given, checked by itself. Raises `InputError` TRAIN_OPTION, FIELD_* and NUMBER_NOT_FINITE. */
export const readBudget: Reader<SpikeBudget> = (value, field) => readRequired(value, READERS, ['target'], field)

/**
 * Budgets with their defaults, checked against the network.
 *
 * Raises `InputError` TRAIN_OPTION, TRAIN_GROUP, FIELD_* and NUMBER_NOT_FINITE.
 */
export function readBudgets(
  network: Network,
  given: Readonly<Record<string, SpikeBudget>>,
  field = 'spikeBudget',
): SpikeBudgets {
  const entries = Object.entries(given).map(([group, value]) => {
    const place = `${field}.${group}`
    requireGroup(network, group, place, 'lif')
    const budget = { ...DEFAULTS, ...readBudget(value, place) }
    const { low, high } = budget
    requireNumber(`${place}.high`, high, high >= low, `a number from ${low}, the lower bound`)
    return [group, budget] as const
  })
  return Object.fromEntries(entries)
}
