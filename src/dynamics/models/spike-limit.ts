import { RunError } from '../../events/errors.js'
import { numberThat } from '../../network/reading/read-number.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { mostSpikesBy, RUNAWAY, runawayNeuron } from './neuron-faults.js'

/**
 * What a run may fire: on the grid of time with cells [0, 1), [1, 2) … ms, the neurons of a block of 32 of a group (0 to 31,
 * 32 to 63, …; the last one may be shorter) fire in one trial and one cell no more than
 *
 *     limit · neurons of the block
 *
 * times. Blocks and cells are the same however a group is cut into slices and a run into windows, so is the verdict.
 */
export const SPIKE_CELL = 1

/** Spikes per neuron and ms: a thousand times what a refractory period of 1 ms allows. */
export const DEFAULT_SPIKE_LIMIT = 1000

export const SPIKE_LIMIT = {
  expected: 'a number of spikes per neuron and ms above 0, at most 10^9',
  holds: (limit: number) => limit > 0 && limit <= 1e9,
}

/** Raises `InputError` OPTION_OUT_OF_RANGE, FIELD_TYPE or NUMBER_NOT_FINITE. */
export const readSpikeLimit = numberThat(SPIKE_LIMIT)

/**
 * More spikes of one neuron, in all cells from that of `since` to that of `time`, are in some cell more than its block may
 * have, whatever its neighbours do.
 */
export function mostOfNeuron(limit: number, time: number, since = 0): number {
  return limit * BLOCK * (1 + Math.floor(time / SPIKE_CELL) - Math.floor(since / SPIKE_CELL))
}

export interface SpikeCrowd {
  readonly group: string
  /** Numbers of the first neuron of the block in its group, and of the one behind its last. */
  readonly units: { readonly start: number; readonly end: number }
  readonly trial: number
  /** In the cell, ms. */
  readonly time: number
  readonly limit: number
}

/** `RunError` SPIKES_TOO_MANY. */
export function tooManySpikes({ group, units, trial, time, limit }: SpikeCrowd): RunError {
  const neurons = units.end - units.start
  const from = Math.floor(time / SPIKE_CELL) * SPIKE_CELL
  const spikes = limit * neurons
  const who = neurons === 1 ? `Neuron ${units.start}` : `Neurons ${units.start} to ${units.end - 1}`
  const many = `more than ${spikes} times in the ${SPIKE_CELL} ms from ${from} ms on`
  return new RunError({
    code: 'SPIKES_TOO_MANY',
    message: `${who} of group "${group}" fired ${many} of trial ${trial}, where ${limit} spikes per neuron and ms are the limit.`,
    details: { group, firstUnit: units.start, endUnit: units.end, trial, time: from, spikes, limit },
    remedy:
      'Mostly excitation feeds itself: lower weights, add inhibition or a refractory period. If it is meant, raise the limit (spikeLimit, --spike-limit).',
  })
}

/** The block that a neuron belongs to, in a group of `total` neurons. */
export function blockAround(unit: number, total: number): SpikeCrowd['units'] {
  const start = unit - (unit % BLOCK)
  return { start, end: Math.min(start + BLOCK, total) }
}

/** The n-th neuron held, at its last spike in a trial, with its spikes so far. */
export interface SpikingNeuron {
  readonly fired: number
  readonly group: { readonly name: string; readonly start: number; readonly total: number }
  readonly n: number
  readonly trial: number
  readonly time: number
}

/** Of `KernelOptions`. */
export interface AllowedSpikes {
  readonly spikeLimit: number
  readonly segmented: boolean
  readonly firstTrial: number
}

/** Raises `RunError` SPIKES_TOO_MANY or RUNAWAY_NEURON if a neuron has fired more often than it may by then. */
export function refuseSpikes({ fired, group, n, trial, time }: SpikingNeuron, allowed: AllowedSpikes): void {
  const { spikeLimit: limit, segmented, firstTrial } = allowed
  const { name, start, total } = group
  const unit = start + n
  if (fired > mostOfNeuron(limit, time))
    throw tooManySpikes({ group: name, units: blockAround(unit, total), trial: firstTrial + trial, time, limit })
  const most = segmented ? mostSpikesBy(time) : RUNAWAY
  if (fired > most) throw runawayNeuron({ group: name, unit, time }, most)
}
