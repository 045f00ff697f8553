import { TRIAL_CHUNK } from '../../../src/dynamics/parameters/trial-sum.js'
import { trialsOf } from '../../../src/events/trial-range.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { GroupParameters, Parameters, Session } from '../../../src/learning/session.js'
import { expectSameBits } from '../../support/same-bits.js'
import type { SessionCase } from './session-case.js'

/**
 * Chunks of trials are summed by themselves, and then with each other: the gradient of two chunks is the sum of theirs, but
 * for delays and time constants that neurons share. What is drawn depends on the number of a trial.
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
    const inputs = Object.fromEntries(
      Object.entries(trials.inputs).map(([name, of]) => [name, trialsOf(of, { start: from, end: to })]),
    )
    const chunk = { ...trials, count: to - from, inputs }
    return (await session.gradient(chunk, loss, trials.labels.slice(from, to))).gradients
  }
  const first = await ofChunk(0, TRIAL_CHUNK)
  const second = await ofChunk(TRIAL_CHUNK, trials.count)
  for (const { key } of network.projections) {
    const weights = (of: Parameters) => of.projections[key]!.weights
    expectSameBits(weights(both), sumOf(weights(first), weights(second)), `${key}, sum of chunks`)
  }
  for (const { name, size } of network.groups) {
    for (const [field, values] of Object.entries(both.groups[name] ?? {}) as [keyof GroupParameters, Float64Array][]) {
      if (values.length < size) continue
      const parts = [first, second].map(({ groups }) => groups[name]![field]!) as [Float64Array, Float64Array]
      expectSameBits(values, sumOf(...parts), `${name}.${field}, sum of chunks`)
    }
  }
}

function sumOf(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, k) => value + other[k]!)
}
