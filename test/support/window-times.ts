import { shareOf } from '../../src/dynamics/window/cell-grid.js'
import type { WindowPlanOfGroup } from '../../src/dynamics/window/window-groups.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LifValues, NetworkInstance } from '../../src/network/instance.js'
import { type AttainableTime, boundsOfTimes, type Input } from './attainable-times.js'

const ROUNDING = 2 ** -53

/** What arrives at every neuron of a group in a trial, by time, through projections that follow rules. */
export function inputsByRule(
  { groups, projections }: NetworkInstance,
  group: string,
  trains: SpikeTrains,
  trial: number,
): readonly (readonly Input[])[] {
  const { size } = groups.find(({ name }) => name === group)!
  const inputs = Array.from({ length: size }, (): Input[] => [])
  const spikes = new Map<number, number[]>()
  for (let k = trains.offsets[trial]!; k < trains.offsets[trial + 1]!; k++) {
    const unit = trains.units[k]!
    spikes.set(unit, [...(spikes.get(unit) ?? []), trains.times[k]!])
  }
  for (const { target, draws, delayShape, delays } of projections) {
    if (target !== group) continue
    const { weights, ownDelays } = draws!
    draws!.visit((unit, n, place) => {
      const weight = typeof weights === 'number' ? weights : weights(place)
      const own = ownDelays === null ? 0 : typeof ownDelays === 'number' ? ownDelays : ownDelays(place)
      const delay = { none: 0, scalar: delays[0]!, perSource: delays[unit]!, perSynapse: own }[delayShape]
      for (const time of spikes.get(unit) ?? []) inputs[n]!.push({ time: time + delay, weight })
    })
  }
  return inputs.map((list) => list.sort((a, b) => a.time - b.time))
}

/**
 * How far V may be off at the end of some inputs on the window kernel, with U = V + c I, c = tauSyn / (tauMem - tauSyn):
 *
 *     2^-53 (2 tauMem / cell · max(|U| + |c I|) + 333 |c| w N)
 *
 * A step over a cell rounds U and c I by one part in 2^52 each, which is forgotten with tauMem. An arrival is rounded to
 * half a unit of its two sums, each at most 1.3 · 2^-45 of the largest weight w; N counts arrivals, those before an
 * instant by e^{-(their age) / tauMem}.
 */
export function windowVoltageError(
  { tauMem, tauSynExc }: LifValues,
  { cell, largestWeight }: WindowPlanOfGroup,
): (course: { readonly swing: number; readonly arrivals: number }) => number {
  const share = Math.abs(shareOf({ tauMem: tauMem[0]!, tauSyn: tauSynExc[0]! }))
  return ({ swing, arrivals }) => ROUNDING * (2 * (tauMem[0]! / cell) * swing + 333 * share * largestWeight * arrivals)
}

/** How far spikes of the n-th neuron on the window kernel may be from those on the reference kernel. */
export function windowTimes(
  values: LifValues,
  n: number,
  plan: WindowPlanOfGroup,
  { inputs, times }: { readonly inputs: readonly Input[]; readonly times: readonly number[] },
): readonly AttainableTime[] {
  return boundsOfTimes(values, n, { inputs, times, roundOff: windowVoltageError(values, plan) })
}
