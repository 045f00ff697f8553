import { type TrialSpike, trainsOfTrials } from '../../events/trains-of-trials.js'
import { createLabels } from '../../learning/labels.js'
import { partOf, type Readers } from '../../network/reading/read-fields.js'
import { integerFrom, readNonNegative, readPositive, readShare } from '../../network/reading/read-number.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import type { LabelledTrains } from '../labelled-trains.js'
import { classesFrom, readSplit } from './pattern-readers.js'

/** How temporal patterns are made; times in ms. */
export interface TemporalPatternSettings {
  readonly channels: number
  readonly classes: number
  /** The template of a class has one spike per channel, uniform on [0, patternSpan). */
  readonly patternSpan: number
  /** A pattern begins at a time uniform on [0, startSpan). */
  readonly startSpan: number
  /** Standard deviation of the normal deviation of every spike. */
  readonly jitter: number
  /** Share of the spikes of the template that are left out. */
  readonly deletion: number
  /** Share of the channels that spike once more, uniform on [0, startSpan + patternSpan). */
  readonly addition: number
  /** Of templates and samples. */
  readonly dataSeed: number
}

/** Readers of what templates and samples are drawn from. */
export const TEMPORAL_PATTERN_READERS: Readers<TemporalPatternSettings> = Object.freeze({
  channels: integerFrom(1),
  classes: classesFrom(2),
  patternSpan: readPositive,
  startSpan: readNonNegative,
  jitter: readNonNegative,
  deletion: readShare,
  addition: readShare,
  dataSeed: integerFrom(0),
})

/**
 * The labelled samples of one split: noisy, shifted copies of the templates, which all splits share.
 *
 * Sample s of class c, drawn with equal chances, has on channel k a spike at max(0, start + template[c][k] + jitter · z)
 * unless it is left out, and an added one with probability `addition`. Every value is a pure function of (dataSeed, split,
 * sample, channel).
 */
export function temporalPatternTrains(given: TemporalPatternSettings, split: string, size: number): LabelledTrains {
  const settings = partOf(TEMPORAL_PATTERN_READERS)(given, 'settings')
  readSplit(split, size)
  const { channels, classes } = settings
  const labelStream = createRandomStream(settings.dataSeed, `temporal-patterns/${split}/label`)
  const labels = createLabels(size, classes).map((_, sample) => labelStream.integer(sample, classes))
  const trialOf = createTrials(settings, split)
  const trials = Array.from(labels, (label, sample) => trialOf(sample, label))
  return { trains: trainsOfTrials(trials), labels, classes, units: channels }
}

/** The spikes of each sample. */
function createTrials(
  settings: TemporalPatternSettings,
  split: string,
): (sample: number, label: number) => TrialSpike[] {
  const { channels, patternSpan, startSpan, jitter, deletion, addition, dataSeed } = settings
  const stream = (name: string) => createRandomStream(dataSeed, `temporal-patterns/${name}`)
  const templates = stream('templates')
  const [starts, deviations] = [stream(`${split}/start`), stream(`${split}/jitter`)]
  const [deletions, additions, added] = [
    stream(`${split}/deletion`),
    stream(`${split}/addition`),
    stream(`${split}/added`),
  ]
  return (sample, label) => {
    const start = startSpan * starts.uniform(sample)
    const spikes: TrialSpike[] = []
    for (let unit = 0; unit < channels; unit++) {
      const index = sample * channels + unit
      const time = start + patternSpan * templates.uniform(label * channels + unit) + jitter * deviations.normal(index)
      if (deletions.uniform(index) >= deletion) spikes.push({ time: Math.max(0, time), unit })
      if (additions.uniform(index) < addition)
        spikes.push({ time: (startSpan + patternSpan) * added.uniform(index), unit })
    }
    return spikes
  }
}
