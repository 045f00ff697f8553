import type { SpikeTrains } from '../../events/spike-trains.js'
import type { SpikeTimesLoss, VanRossumLoss } from '../loss.js'
import { wantedUnits } from '../loss-view.js'
import { mergeJumps } from './jumps.js'
import { spikeTimesDistance } from './spike-times-loss.js'
import type { TrialLoss } from './trial-loss.js'
import { vanRossumDistance, vanRossumSlopes } from './van-rossum-loss.js'

/**
 * The spikes of a trial shall be the target train of its label.
 *
 * The loss is the distance of the two, see `VanRossumLoss` and `SpikeTimesLoss`. Writes dL/dt into the trial's entries of
 * `explicit`. The prediction is the label whose target train is nearest, the lowest one on ties; -1 of a trial without
 * spikes. The label counts as silent if a unit with a target spike is.
 */
export function evaluateTargets(
  loss: VanRossumLoss | SpikeTimesLoss,
  size: number,
  trains: SpikeTrains,
  trial: number,
  label: number,
  explicit: Float64Array,
): TrialLoss {
  const start = trains.offsets[trial] as number
  const end = trains.offsets[trial + 1] as number
  const value = distanceTo(label, explicit)
  const fired = new Set(trains.units.subarray(start, end))
  return {
    loss: value,
    prediction: start === end ? -1 : nearest(),
    labelSilent: wantedUnits(loss, label).some((unit) => !fired.has(unit)),
  }

  function distanceTo(pattern: number, slopes: Float64Array | null): number {
    const { targets, tau } = loss
    if (loss.kind === 'spikeTimes')
      return spikeTimesDistance({ trains, trial }, { trains: targets, trial: pattern }, size, tau, slopes)
    const jumps = mergeJumps(trains, trial, targets, pattern)
    if (slopes !== null) vanRossumSlopes(jumps, size, tau, slopes)
    return vanRossumDistance(jumps, size, tau)
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
