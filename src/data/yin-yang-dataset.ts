import type { SpikeTrains } from '../events/spike-trains.js'
import type { Dataset } from '../learning/task.js'
import { partOf, type Readers } from '../network/reading/read-fields.js'
import { integerFrom, readPositive } from '../network/reading/read-number.js'
import { instanceOf, readBoolean, readRecord } from '../network/reading/read-value.js'
import { requireSamplesBelow } from './sample-range.js'
import { YIN_YANG_CLASSES } from './yin-yang-disc.js'
import { YIN_YANG_FEATURES, type YinYangPoints } from './yin-yang-points.js'

/** How a point becomes input spikes of the group `input`. */
export interface YinYangEncoding {
  /** Time of the spike that stands for a feature of 1, in ms; unit i spikes at inputSpan · feature i. */
  readonly inputSpan: number
  /** Adds a unit after the features that spikes at 0 in every trial. */
  readonly biasSpike: boolean
}

/** Readers of an encoding. */
export const ENCODING_READERS: Readers<YinYangEncoding> = Object.freeze({
  inputSpan: readPositive,
  biasSpike: readBoolean,
})

/** Number of units of the source group that an encoding needs. */
export function yinYangInputSize(encoding: YinYangEncoding): number {
  return unitsOf(partOf(ENCODING_READERS)(encoding, 'options'))
}

function unitsOf({ biasSpike }: YinYangEncoding): number {
  return biasSpike ? YIN_YANG_FEATURES + 1 : YIN_YANG_FEATURES
}

/**
 * Creates the data set of the given points, one spike per input unit and trial.
 *
 * `encode` raises `SAMPLE_OUT_OF_RANGE` for a sample the set does not have.
 */
export function createYinYangDataset(points: YinYangPoints, given: YinYangEncoding): Dataset {
  const encoding = partOf(ENCODING_READERS)(given, 'options')
  const { size, features, labels } = readRecord(points, 'points')
  integerFrom(0)(size, 'points.size')
  instanceOf(Float64Array)(features, 'points.features')
  instanceOf(Uint8Array)(labels, 'points.labels')
  return {
    size: points.size,
    classes: YIN_YANG_CLASSES.length,
    classNames: YIN_YANG_CLASSES,
    labels: points.labels,
    encode: (samples) => ({ input: encodePoints(points, encoding, samples) }),
  }
}

function encodePoints(points: YinYangPoints, encoding: YinYangEncoding, samples: Uint32Array): SpikeTrains {
  requireSamplesBelow(points.size, samples)
  const perTrial = unitsOf(encoding)
  const offsets = new Uint32Array(samples.length + 1)
  const times = new Float64Array(samples.length * perTrial)
  const units = new Uint32Array(samples.length * perTrial)
  const trains = { offsets, times, units }
  for (let trial = 0; trial < samples.length; trial++) {
    const sample = samples[trial] as number
    const start = trial * perTrial
    for (let unit = 0; unit < perTrial; unit++) {
      const feature = points.features[sample * YIN_YANG_FEATURES + unit] as number
      // The unit of the bias spike comes after the features.
      insertInOrder(trains, start, start + unit, unit < YIN_YANG_FEATURES ? encoding.inputSpan * feature : 0)
    }
    offsets[trial + 1] = start + perTrial
  }
  return trains
}

/** Adds the next unit's spike to a trial of one spike per unit, whose spikes start … end - 1 are in order of (time, unit). */
function insertInOrder({ times, units }: SpikeTrains, start: number, end: number, time: number): void {
  let place = end
  for (; place > start && (times[place - 1] as number) > time; place--) {
    times[place] = times[place - 1] as number
    units[place] = units[place - 1] as number
  }
  times[place] = time
  units[place] = end - start
}
