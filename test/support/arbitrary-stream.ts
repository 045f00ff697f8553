import fc from 'fast-check'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { between } from './arbitraries.js'
import { trialAlone } from './network-case.js'

/** The first of several trials, as the input of a stream. */
export function firstTrial({ inputs }: Pick<LabelledTrials, 'inputs'>): Readonly<Record<string, SpikeTrains>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, trains]) => [name, trialAlone(trains, 0)]))
}

/** Lengths of segments in ms, from shorter than any delay to longer than any trial. */
export const segmentLength = fc.oneof(fc.constantFrom(1, 2.5, 4, 64), between(0.6, 6))
