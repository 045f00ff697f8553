import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { nextDown, nextUp } from '../../src/numerics/neighbours.js'
import { type Spike, trainsOf } from '../learning/trains.js'
import type { DrawnKernelCase } from './kernel-case.js'

/** So many collisions in a trial at most. */
const MOST = 30
const BESIDE = [(time: number) => time, nextDown, nextUp, (time: number) => time]

/** The same input, and spikes of unit 0 that arrive at or right beside spikes of the group, at some neuron. */
export function withCollisions(sample: DrawnKernelCase, { offsets, times }: SpikeTrains): DrawnKernelCase {
  const { projections } = sample.instance
  const shapes = ['none', 'scalar', 'perSource', 'perSynapse'].map((shape) => {
    return projections.findIndex(({ delayShape, source }) => delayShape === shape && source !== 'x')
  })
  const input = shapes.find((p) => p >= 0)!
  const delay = projections[input]!.delays[0] ?? 0
  const trials = Array.from({ length: sample.trials }, (_, trial) => {
    const spikes = spikesOf(sample.trains[input]!, trial)
    const step = Math.ceil((offsets[trial + 1]! - offsets[trial]!) / MOST)
    for (let k = offsets[trial]!; k < offsets[trial + 1]!; k += step) {
      const time = sentFor(BESIDE[k % BESIDE.length]!(times[k]!), delay)
      if (time > 0 && time < sample.until) spikes.push({ time, unit: 0 })
    }
    return spikes
  })
  return { ...sample, trains: sample.trains.map((train, p) => (p === input ? trainsOf(trials) : train)) }
}

/** When to send what is to arrive at an instant; as near as doubles allow. */
function sentFor(arrival: number, delay: number): number {
  const sent = arrival - delay
  return [sent, nextDown(sent), nextUp(sent)].find((time) => time + delay === arrival) ?? sent
}

function spikesOf({ offsets, times, units }: SpikeTrains, trial: number): Spike[] {
  return Array.from(times.subarray(offsets[trial], offsets[trial + 1]), (time, k) => {
    return { time, unit: units[offsets[trial]! + k]! }
  })
}
