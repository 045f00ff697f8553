import type { SpikeTrains } from '../../events/spike-trains.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven, readRecord } from '../../network/reading/read-value.js'
import { LOSS_RULES } from '../loss-rules.js'
import { readTargets, requireTargetUnits } from '../read-targets.js'
import { targetsFromFile } from '../targets-file.js'
import type { AnyLoss } from './any-loss.js'
import { numberField } from './loss-fields.js'
import type { LossLabels } from './loss-labels.js'
import type { LossRecord, LossTrial } from './loss-record.js'
import type { TrialLoss } from './trial-loss.js'

/** Spike trains that a group shall emit, one "trial" per label. */
export interface TargetLoss<Group extends string = string> {
  readonly group: Group
  /** In ms. */
  readonly tau: number
  /** The entry of a label holds its target spikes, ordered by time. */
  readonly targets: SpikeTrains
}

/** Target trains, one per label, with the time in ms within which a spike counts as near its target. */
export interface TargetOptions {
  readonly targets: SpikeTrains
  readonly tau?: number
}

const OPTIONS: Readers<TargetOptions> = { targets: asGiven, tau: asGiven }

/** In ms. */
const TAU = 10

export function readTargetOptions(options: TargetOptions): Required<TargetOptions> {
  return {
    tau: TAU,
    ...readOptions(options, OPTIONS),
    targets: readRecord(options.targets, 'options.targets') as never,
  }
}

const LABELS: LossLabels<TargetLoss> = {
  count: ({ targets }) => targets.offsets.length - 1,
  meaning: () => 'a target train',
  isSpare: true,
  wanted: ({ targets: { offsets, units } }, label) => {
    const pattern = Math.max(0, label)
    return [...new Set(units.subarray(offsets[pattern], offsets[pattern + 1]))]
  },
}

/** What the records of such losses have in common: a label is the number of a target train. */
export const ON_TARGETS: Omit<LossRecord<TargetLoss & AnyLoss, 'spikes'>, 'kind' | 'evaluate'> = {
  observes: 'spikes',
  fields: {
    tau: numberField(LOSS_RULES.scale, TAU),
    targets: {
      needs: { what: 'targets', remedy: 'Choose another loss, or a task that has what it needs.' },
      plain: readTargets,
      parse: (value, field, group) => targetsFromFile(value, group, field),
    },
  },
  labels: LABELS,
  check({ targets }, { size }) {
    requireTargetUnits(targets.units, size, 'loss.targets.units')
  },
}

/** How far the spikes of the trial are from a target train; writes the derivatives if it is given where to. */
export type TargetDistance = (pattern: number, slopes: Float64Array | null) => number

/**
 * The spikes of a trial shall be the target train of its label.
 *
 * The loss is the distance of the two. The prediction is the label whose target train is nearest, the lowest one on ties;
 * -1 of a trial without spikes. The label counts as silent if a unit with a target spike is.
 */
export function evaluateTargets(
  loss: TargetLoss,
  { observed: trains, trial, label, explicit }: LossTrial<SpikeTrains>,
  distanceTo: TargetDistance,
): TrialLoss {
  const start = trains.offsets[trial] as number
  const end = trains.offsets[trial + 1] as number
  const value = distanceTo(label, explicit)
  const fired = new Set(trains.units.subarray(start, end))
  return {
    loss: value,
    prediction: start === end ? -1 : nearest(),
    labelSilent: LABELS.wanted(loss, label).some((unit) => !fired.has(unit)),
  }

  function nearest(): number {
    let best = 0
    let least = Number.POSITIVE_INFINITY
    for (let pattern = 0; pattern + 1 < loss.targets.offsets.length; pattern++) {
      const distance = pattern === label ? value : distanceTo(pattern, null)
      if (!(distance < least)) continue
      least = distance
      best = pattern
    }
    return best
  }
}
