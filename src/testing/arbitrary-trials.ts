import fc from 'fast-check'
import { type TrialSpike, trainsOfTrials } from '../events/trains-of-trials.js'
import type { Trials } from '../learning/session.js'
import { isGiven } from '../network/description/given-source.js'
import type { Network } from '../network/description/network.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readNonNegative, readPositive } from '../network/reading/read-number.js'
import { between } from './between.js'
import { readPair } from './read-pair.js'

/** What generated mini-batches may look like; times in ms. */
export interface TrialRange {
  /** Fewest and most trials; default [1, 3]. */
  readonly count?: readonly [fewest: number, most: number]
  /** Fewest and most spikes of each source unit in a trial; default [1, 4]. */
  readonly spikes?: readonly [fewest: number, most: number]
  /** Input spikes lie in [0, window]; default 20. */
  readonly window?: number
  /** End of the trials; default 60. */
  readonly until?: number
  /** Times are multiples of this, and meet; default 0: anywhere. */
  readonly grid?: number
}

const READERS: Readers<TrialRange> = {
  count: readPair(1),
  spikes: readPair(0),
  window: readNonNegative,
  until: readPositive,
  grid: readNonNegative,
}

/** Mini-batches of input spikes for every source group of a network that is given its spikes, in event order. */
export function arbitraryTrials(network: Network, given: TrialRange = {}): fc.Arbitrary<Trials> {
  const range = readOptions(given, READERS, 'range')
  const { count: [minLength, maxLength] = [1, 3], until = 60 } = range
  const sources = readNetwork(network).groups.filter(isGiven)
  const trial = fc.tuple(...sources.map(({ size }) => arbitraryTrial(size, range)))
  return fc.array(trial, { minLength, maxLength }).map((trials) => ({
    count: trials.length,
    until,
    inputs: Object.fromEntries(
      sources.map(({ name }, group) => [name, trainsOfTrials(trials.map((trains) => trains[group] ?? []))]),
    ),
  }))
}

function arbitraryTrial(
  size: number,
  { spikes: [minLength, maxLength] = [1, 4], window = 20, grid = 0 }: TrialRange,
): fc.Arbitrary<readonly TrialSpike[]> {
  const time = grid > 0 ? fc.nat(Math.floor(window / grid)).map((k) => k * grid) : between(0, window)
  const units = Array.from({ length: size }, (_, unit) =>
    fc.array(
      time.map((at): TrialSpike => ({ time: at, unit })),
      { minLength, maxLength, size: 'max' },
    ),
  )
  return fc.tuple(...units).map((trains) => trains.flat())
}
