import type { SpikeTrains } from '../../events/spike-trains.js'
import { trainsOfTrials } from '../../events/trains-of-trials.js'
import { createLabels } from '../../learning/labels.js'
import { partOf, type Readers, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom, readNonNegative, readPositive } from '../../network/reading/read-number.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import type { LabelledTrains } from '../labelled-trains.js'
import { classesFrom, readSplit } from './pattern-readers.js'

/** How input patterns and the times asked of the outputs are made; times in ms. */
export interface TimedPatternSettings {
  readonly patterns: number
  readonly inputs: number
  readonly outputs: number
  /** In a pattern every input unit spikes once, uniform on [0, inputSpan). */
  readonly inputSpan: number
  /** Every output unit shall spike once, at a time uniform on [from, to), drawn per pattern. */
  readonly targetWindow: TargetWindow
  /** Standard deviation of the normal deviation of every input spike of every sample; 0: all samples of a pattern are alike. */
  readonly jitter: number
  /** Of patterns, targets and samples. */
  readonly dataSeed: number
}

/** Readers of what patterns and targets are drawn from. */
export const TIMED_PATTERN_READERS: Readers<TimedPatternSettings> = Object.freeze({
  patterns: classesFrom(1),
  inputs: integerFrom(1),
  outputs: integerFrom(1),
  inputSpan: readPositive,
  targetWindow: recordOf<TargetWindow>({ from: readNonNegative, to: readPositive }),
  jitter: readNonNegative,
  dataSeed: integerFrom(0),
})

/** In ms. */
export type TargetWindow = Readonly<Record<'from' | 'to', number>>

/**
 * The labelled samples of one split: sample s is of pattern s mod patterns, and has on unit i a spike at
 * max(0, pattern[i] + jitter · z).
 *
 * Every value is a pure function of (dataSeed, split, sample, unit); patterns are shared by all splits.
 */
export function timedPatternTrains(settings: TimedPatternSettings, split: string, size: number): LabelledTrains {
  const { patterns, inputs, inputSpan, jitter, dataSeed } = partOf(TIMED_PATTERN_READERS)(settings, 'settings')
  readSplit(split, size)
  const patternTimes = createRandomStream(dataSeed, 'spike-times/patterns')
  const deviations = createRandomStream(dataSeed, `spike-times/${split}/jitter`)
  const labels = createLabels(size, patterns).map((_, sample) => sample % patterns)
  const trials = Array.from(labels, (label, sample) =>
    Array.from({ length: inputs }, (_, unit) => {
      const time = inputSpan * patternTimes.uniform(label * inputs + unit)
      return { time: Math.max(0, time + jitter * deviations.normal(sample * inputs + unit)), unit }
    }),
  )
  return { trains: trainsOfTrials(trials), labels, classes: patterns, units: inputs }
}

/** The spikes that the outputs shall emit, one "trial" per pattern: the `targets` of a loss. */
export function timedPatternTargets(settings: TimedPatternSettings): SpikeTrains {
  const { patterns, outputs, targetWindow, dataSeed } = partOf(TIMED_PATTERN_READERS)(settings, 'settings')
  const { from, to } = targetWindow
  const times = createRandomStream(dataSeed, 'spike-times/targets')
  return trainsOfTrials(
    Array.from({ length: patterns }, (_, pattern) =>
      Array.from({ length: outputs }, (_, unit) => ({
        time: from + (to - from) * times.uniform(pattern * outputs + unit),
        unit,
      })),
    ),
  )
}
