import { RunError } from '../../events/errors.js'

/** Which neuron of a group, by its number in the whole group, and when in ms. */
export interface NeuronMoment {
  readonly group: string
  readonly unit: number
  readonly time: number
}

/** More spikes of one neuron in one trial than this end the run. */
export const RUNAWAY = 1_000_000

/** In ms: a run in segments may have as many spikes of one neuron again in each such interval of its time. */
export const RUNAWAY_INTERVAL = 1000

/** The most spikes of one neuron that a run in segments may have had at `time` ms. */
export function mostSpikesBy(time: number): number {
  return RUNAWAY * (1 + Math.floor(time / RUNAWAY_INTERVAL))
}

/** `RunError` RUNAWAY_NEURON. */
export function runawayNeuron({ group, unit, time }: NeuronMoment, spikes = RUNAWAY): RunError {
  return new RunError({
    code: 'RUNAWAY_NEURON',
    message: `Neuron ${unit} of group "${group}" fired more than ${spikes} times in one trial (at ${time} ms).`,
    details: { group, unit, time, spikes },
    remedy: 'Lower its bias or weights, raise its threshold, or give it a refractory period.',
  })
}

/** `RunError` TIME_BEYOND_CELLS: the window kernel counts its bins by doubles, and cannot tell such late ones apart. */
export function beyondBins(group: string, time: number, bin: number): RunError {
  return new RunError({
    code: 'TIME_BEYOND_CELLS',
    message: `Something happens in group "${group}" at ${time} ms, which is later than bins of ${bin} ms can be counted.`,
    details: { group, time, cell: bin },
    remedy: 'Let it happen earlier, or use the reference kernel (--kernel reference).',
  })
}

/** `RunError` GRADIENT_OVERFLOW where a crossing has a slope, else GRADIENT_UNDEFINED: its time has no derivative. */
export function undefinedShift({ group, unit, time }: NeuronMoment, slope: number): RunError {
  const spike = `the spike of neuron ${unit} of group "${group}" at ${time} ms`
  const details = { group, unit, time, slope }
  if (slope > 0)
    return new RunError({
      code: 'GRADIENT_OVERFLOW',
      message: `The gradient of ${spike} is beyond the range of a double.`,
      details,
      remedy: 'Scale the loss or the weights down.',
    })
  return new RunError({
    code: 'GRADIENT_UNDEFINED',
    message: `The threshold is only touched by ${spike}; the gradient of its time does not exist.`,
    details,
    remedy: 'Change a parameter by any small amount.',
  })
}
