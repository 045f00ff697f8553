import { TRIAL_CHUNK } from '../../../src/dynamics/trial-sum.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { Parameters, Session } from '../../../src/learning/session.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { SessionCase } from './session-case.js'

/** Numbers by name, at any depth. */
type Numbers = Float64Array | { readonly [name: string]: Numbers }

/**
 * Chunks of trials are summed by themselves, and then with each other: the gradient of two chunks is the sum of theirs. What
 * is drawn depends on the number of a trial.
 */
export async function expectChunkSums(
  session: Session,
  sample: SessionCase,
  loss: Loss,
  both: Parameters,
): Promise<void> {
  const { trials, noise, network } = sample
  if (trials.count <= TRIAL_CHUNK || noise !== null || network.groups.some(({ name }) => name === 'drive')) return
  const ofChunk = async (from: number, to: number) => {
    const inputs = Object.fromEntries(Object.entries(trials.inputs).map(([name, of]) => [name, trialsOf(of, from, to)]))
    const chunk = { ...trials, count: to - from, inputs }
    return (await session.gradient(chunk, loss, trials.labels.slice(from, to))).gradients
  }
  const first = await ofChunk(0, TRIAL_CHUNK)
  const second = await ofChunk(TRIAL_CHUNK, trials.count)
  expectSameBits(both, sumOf(first as unknown as Numbers, second as unknown as Numbers), 'sum of chunks')
}

function trialsOf({ offsets, times, units }: SpikeTrains, from: number, to: number): SpikeTrains {
  const [start, end] = [offsets[from]!, offsets[to]!]
  return {
    offsets: offsets.slice(from, to + 1).map((offset) => offset - start),
    times: times.slice(start, end),
    units: units.slice(start, end),
  }
}

function sumOf(one: Numbers, other: Numbers): Numbers {
  if (one instanceof Float64Array) return one.map((value, k) => value + (other as Float64Array)[k]!)
  const rest = other as Exclude<Numbers, Float64Array>
  return Object.fromEntries(Object.entries(one).map(([name, numbers]) => [name, sumOf(numbers, rest[name]!)]))
}
