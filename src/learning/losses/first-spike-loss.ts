import { RunError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { exp } from '../../numerics/exp.js'
import { expm1 } from '../../numerics/expm1.js'
import { LOSS_RULES } from '../loss-rules.js'
import { crossEntropy } from './cross-entropy.js'
import { fallbacksOf, numberField, spareNumber } from './loss-fields.js'
import { UNIT_LABELS } from './loss-labels.js'
import type { LossRecord } from './loss-record.js'

/** -ln softmax(-t_first / tau0)[label] + alpha (exp(t_label / tau1) - 1); silent units are left out. Times in ms. */
export interface FirstSpikeLoss<Group extends string = string> {
  readonly kind: 'firstSpike'
  readonly group: Group
  readonly tau0: number
  readonly alpha: number
  readonly tau1: number
  /** Label smoothing over the units that spike, from 0 and below 1; default 0. */
  readonly smoothing?: number
}

/** Times in ms. */
export type FirstSpikeOptions = Partial<Omit<FirstSpikeLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const OPTIONS: Readers<FirstSpikeOptions> = { tau0: asGiven, alpha: asGiven, tau1: asGiven, smoothing: asGiven }

/** -ln softmax(-t_first / tau0)[label] + alpha (exp(t_label / tau1) - 1); times in ms. See `FirstSpikeLoss`. */
export function firstSpike<const Group extends string>(
  group: Group,
  options: FirstSpikeOptions = {},
): FirstSpikeLoss<Group> {
  return Object.freeze({ kind: 'firstSpike', group, ...DEFAULTS, ...readOptions(options, OPTIONS) })
}

/**
 * The label's unit shall spike before the others, and early.
 *
 *     L = -ln softmax(-t / tau0)[label] + alpha (e^{t_label / tau1} - 1)
 *     dL/dt_i = ([i = label] - softmax_i) / tau0 + [i = label] alpha / tau1 e^{t_label / tau1}
 *
 * t_i is the first spike of unit i in ms; silent units are left out of the softmax, and of what `smoothing` does to it (see
 * `crossEntropy`): -ln softmax of a unit that never spikes would be infinite, so what is smoothed is the race of those that do
 * spike, whose late ones are pulled on without end. A silent label has no loss and no
 * derivatives; those of later spikes are 0. The prediction is the unit that spikes first, the lowest one on ties. Raises
 * `RunError` LOSS_OVERFLOW if t_label / tau1 exceeds the range of e^x. Source: Göltz et al. 2021 (Nat. Mach. Intell. 3:823).
 */
export const FIRST_SPIKE: LossRecord<FirstSpikeLoss, 'spikes'> = {
  kind: 'firstSpike',
  observes: 'spikes',
  fields: {
    tau0: numberField(LOSS_RULES.scale, 0.5),
    alpha: numberField(LOSS_RULES.strength, 0.003),
    tau1: numberField(LOSS_RULES.scale, 6.4),
    smoothing: spareNumber(LOSS_RULES.smoothing),
  },
  labels: UNIT_LABELS,
  looksAtFirstSpikes: () => true,
  evaluate(loss, { observed: trains, trial, label, explicit, room: { firsts, scores, slopes } }) {
    const start = trains.offsets[trial] as number
    const end = trains.offsets[trial + 1] as number
    explicit.fill(0, start, end)
    // Spikes are ordered by (time, unit): the trial's first entry is the earliest spike of the lowest unit.
    const prediction = start < end ? (trains.units[start] as number) : -1
    findFirstSpikes(firsts, trains, start, end)
    const labelSpike = firsts[label] as number
    if (labelSpike < 0) return { loss: null, prediction, labelSilent: true }

    for (let unit = 0; unit < firsts.length; unit++) {
      const spike = firsts[unit] as number
      scores[unit] = spike < 0 ? Number.NEGATIVE_INFINITY : -(trains.times[spike] as number) / loss.tau0
    }
    const race = crossEntropy(scores, label, slopes, loss.smoothing)
    for (let unit = 0; unit < firsts.length; unit++) {
      const spike = firsts[unit] as number
      if (spike >= 0) explicit[spike] = -(slopes[unit] as number) / loss.tau0
    }
    const late = lateness(loss, trains.times[labelSpike] as number, trial)
    explicit[labelSpike] = (explicit[labelSpike] as number) + late.slope
    return { loss: race + late.value, prediction, labelSilent: false }
  },
}

const DEFAULTS = fallbacksOf<FirstSpikeLoss>(FIRST_SPIKE.fields) as Required<Omit<FirstSpikeOptions, 'smoothing'>>

/** Writes the entry of each unit's first spike, -1 where it is silent. */
function findFirstSpikes(firsts: Int32Array, trains: SpikeTrains, start: number, end: number): void {
  firsts.fill(-1)
  for (let spike = start; spike < end; spike++) {
    const unit = trains.units[spike] as number
    if ((firsts[unit] as number) < 0) firsts[unit] = spike
  }
}

function lateness(loss: FirstSpikeLoss, time: number, trial: number): { value: number; slope: number } {
  const { alpha, tau1 } = loss
  if (alpha === 0) return { value: 0, slope: 0 }
  const value = alpha * expm1(time / tau1)
  const slope = (alpha / tau1) * exp(time / tau1)
  if (Number.isFinite(value) && Number.isFinite(slope)) return { value, slope }
  throw new RunError({
    code: 'LOSS_OVERFLOW',
    message: `The label unit of group "${loss.group}" spikes at ${time} ms in trial ${trial}, too late for tau1 = ${tau1} ms.`,
    details: { group: loss.group, trial, time, tau1 },
    remedy: 'Raise tau1, set alpha to 0, or end the trial earlier.',
  })
}
