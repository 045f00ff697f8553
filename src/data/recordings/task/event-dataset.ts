import { byName } from '../../../events/by-name.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { createLabels } from '../../../learning/labels.js'
import type { Dataset } from '../../../learning/task.js'
import { requireSamplesBelow } from '../../sample-range.js'
import type { EventRecording, EventRecordings } from '../event-recordings.js'
import { createAugmentation } from './augmentation.js'
import type { Augmentation } from './augmentation-options.js'
import { type Pooling, pooledRecording, spikesWithin } from './pooling.js'

/** How recordings become input spikes. */
export interface EventEncoding {
  readonly pooling: Pooling
  readonly deadTime: number
  readonly until: number
  readonly augment: Required<Augmentation>
}

/**
 * Some of the recordings as a data set of the source group `input`: in training augmented, then pooled, then without what
 * comes within the dead time of an input or after the end.
 *
 * `encode` raises SAMPLE_OUT_OF_RANGE, and what reading a recording raises.
 *
 * @param firsts time of the first event of each recording; Infinity without any
 */
export function createEventDataset(
  recordings: EventRecordings,
  chosen: Uint32Array,
  encoding: EventEncoding,
  firsts: Float64Array,
): Dataset {
  const { pooling, until, augment } = encoding
  const labels = createLabels(chosen.length, recordings.classes)
  for (const [k, sample] of chosen.entries()) labels[k] = recordings.labels[sample] as number
  const augmented = createAugmentation(recordings, chosen, augment)
  return {
    size: chosen.length,
    classes: recordings.classes,
    ...(recordings.classNames === undefined ? {} : { classNames: recordings.classNames }),
    labels,
    emptyTrials: chosen.filter((sample) => !((firsts[sample] as number) < until)).length,
    about: aboutSamples(recordings, chosen),
    encode: (samples, draw) => {
      requireSamplesBelow(chosen.length, samples)
      const last = new Float64Array(pooling.inputs)
      const trials = Array.from(samples, (number) => {
        const isPlain = draw === undefined || augmented === null
        const events = isPlain ? recordings.trial(chosen[number] as number) : augmented(number, draw)
        return spikesWithin(pooledRecording(events, pooling), encoding, last)
      })
      return { input: joined(trials) }
    },
  }
}

/** Which recording a sample is, and what is known of that. */
function aboutSamples({ groups }: EventRecordings, chosen: Uint32Array): NonNullable<Dataset['about']> {
  const recording = ['recording', Array.from(chosen)] as const
  const known = Object.entries(groups).map(([name, values]) => {
    return [name, Array.from(chosen, (sample) => values[sample] as string | number)] as const
  })
  return byName([...known, recording])
}

function joined(trials: readonly EventRecording[]): SpikeTrains {
  const offsets = new Uint32Array(trials.length + 1)
  for (const [k, { times }] of trials.entries()) offsets[k + 1] = (offsets[k] as number) + times.length
  const count = offsets[trials.length] as number
  const found = { offsets, times: new Float64Array(count), units: new Uint32Array(count) }
  for (const [k, { times, units }] of trials.entries()) {
    found.times.set(times, offsets[k])
    found.units.set(units, offsets[k])
  }
  return found
}
