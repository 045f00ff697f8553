import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { Dataset } from '../learning/task.js'
import { YIN_YANG_CLASSES } from './yin-yang-disc.js'
import { YIN_YANG_FEATURES, type YinYangPoints } from './yin-yang-points.js'

/** How a point becomes input spikes of the group `input`. */
export interface YinYangEncoding {
  /** Time of the spike that stands for a feature of 1, in ms; unit i spikes at inputSpan · feature i. */
  readonly inputSpan: number
  /** Adds a unit after the features that spikes at 0 in every trial. */
  readonly biasSpike: boolean
}

/** Number of units of the source group that an encoding needs. */
export function yinYangInputSize({ biasSpike }: YinYangEncoding): number {
  return biasSpike ? YIN_YANG_FEATURES + 1 : YIN_YANG_FEATURES
}

/**
 * Creates the data set of the given points, one spike per input unit and trial.
 *
 * `encode` raises `SAMPLE_OUT_OF_RANGE` for a sample the set does not have.
 */
export function createYinYangDataset(points: YinYangPoints, encoding: YinYangEncoding): Dataset {
  return {
    size: points.size,
    classes: YIN_YANG_CLASSES.length,
    labels: points.labels,
    encode: (samples) => ({ input: encodePoints(points, encoding, samples) }),
  }
}

function encodePoints(points: YinYangPoints, encoding: YinYangEncoding, samples: Uint32Array): SpikeTrains {
  const perTrial = yinYangInputSize(encoding)
  const offsets = new Uint32Array(samples.length + 1)
  const times = new Float64Array(samples.length * perTrial)
  const units = new Uint32Array(samples.length * perTrial)
  const trial = new Float64Array(perTrial)
  for (const [index, sample] of samples.entries()) {
    if (sample >= points.size) throw sampleOutOfRange(sample, points.size)
    for (let unit = 0; unit < YIN_YANG_FEATURES; unit++) {
      trial[unit] = encoding.inputSpan * (points.features[sample * YIN_YANG_FEATURES + unit] as number)
    }
    const start = index * perTrial
    insertInOrder(trial, times.subarray(start, start + perTrial), units.subarray(start, start + perTrial))
    offsets[index + 1] = start + perTrial
  }
  return { offsets, times, units }
}

/** Writes one spike per unit in the order of (time, unit). */
function insertInOrder(trial: Float64Array, times: Float64Array, units: Uint32Array): void {
  for (const [unit, time] of trial.entries()) {
    let place = unit
    for (; place > 0 && (times[place - 1] as number) > time; place--) {
      times[place] = times[place - 1] as number
      units[place] = units[place - 1] as number
    }
    times[place] = time
    units[place] = unit
  }
}

function sampleOutOfRange(sample: number, size: number): InputError {
  return new InputError({
    code: 'SAMPLE_OUT_OF_RANGE',
    field: 'samples',
    found: `sample ${sample}`,
    expected: `an index below the size of the data set, ${size}`,
  })
}
