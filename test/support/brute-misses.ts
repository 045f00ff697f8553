import { type BruteNeuron, bruteThreshold, bruteVoltage } from './brute-voltage.js'

export interface BruteMiss {
  readonly time: number
  readonly z: number
}

/** What is sampled: V, and how far it is above the threshold. */
interface Sample {
  readonly time: number
  readonly v: number
  readonly z: number
}

/** Between two own spikes V, sampled densely and at arrivals. */
function samplesBetween(neuron: BruteNeuron, from: number, to: number, count: number): readonly Sample[] {
  const steps = Math.max(2, Math.ceil((to - from) / 0.005))
  const times = Array.from({ length: steps + 1 }, (_, k) => from + ((to - from) * k) / steps)
  const inside = neuron.arrivals.map(({ time }) => time).filter((time) => time > from && time < to)
  return [...times, ...inside]
    .sort((a, b) => a - b)
    .map((time) => {
      const v = bruteVoltage(neuron, time, count)
      return { time, v, z: v - bruteThreshold(neuron, time, count) }
    })
}

/** The near misses of a trial by the definition in near-miss.ts. */
export function bruteMisses(neuron: BruteNeuron, until: number, below: number, fall: number): readonly BruteMiss[] {
  const misses: BruteMiss[] = []
  const ends = [...neuron.spikes, until]
  ends.forEach((end, count) => {
    const start = count === 0 ? 0 : neuron.spikes[count - 1]! + neuron.refractory
    if (start >= end) return
    const samples = samplesBetween(neuron, start, end, count)
    let best: Sample | null = null
    for (let k = 1; k < samples.length; k++) {
      const [before, now, after] = [samples[k - 1]!, samples[k]!, samples[k + 1]]
      if (after !== undefined && now.v > before.v && now.v >= after.v && !(best !== null && now.v < best.v))
        best = now.z > -below ? now : null
      if (best !== null && now.v <= best.v - fall) {
        misses.push(best)
        best = null
      }
    }
    const last = samples.at(-1)!
    if (end === until && best !== null && last.v <= best.v) misses.push(best)
  })
  return misses
}

/** Where V is highest between two times, by halving: theta may fall there, so that z asks for the time. */
function highest(neuron: BruteNeuron, from: number, to: number, count: number): number {
  let [low, high] = [from, to]
  for (let k = 0; k < 60; k++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3]
    if (bruteVoltage(neuron, a, count) < bruteVoltage(neuron, b, count)) low = a
    else high = b
  }
  return (low + high) / 2
}

/** The spikes of a trial that might not have been, by the definition there. */
export function bruteDying(neuron: BruteNeuron, until: number, below: number, fall: number): readonly BruteMiss[] {
  return neuron.spikes.flatMap((spike, count) => {
    const end = neuron.spikes[count + 1] ?? until
    const samples = samplesBetween(neuron, spike, end, count)
    let top = 0
    for (let k = 0; k < samples.length; k++) {
      if (samples[k]!.v > samples[top]!.v) top = k
      if (samples[top]!.z >= below) return []
      if (samples[k]!.v <= samples[top]!.v - fall) break
    }
    const [before, after] = [samples[top - 1] ?? samples[top]!, samples[top + 1] ?? samples[top]!]
    const time = highest(neuron, before.time, after.time, count)
    return [{ time: spike, z: bruteVoltage(neuron, time, count) - bruteThreshold(neuron, time, count) }]
  })
}
