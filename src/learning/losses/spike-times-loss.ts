import type { LossRecord } from './loss-record.js'
import { spikeTimesDistance } from './spike-times-distance.js'
import { evaluateTargets, ON_TARGETS, readTargetOptions, type TargetLoss, type TargetOptions } from './target-loss.js'

/**
 * 1/2 sum ((t_k - s_k)/tau)^2, the k-th spike of a unit against its k-th target; a target without a spike costs 1/2, and
 * spikes beyond the targets are free.
 */
export interface SpikeTimesLoss<Group extends string = string> extends TargetLoss<Group> {
  readonly kind: 'spikeTimes'
}

/** 1/2 sum ((t_k - s_k)/tau)^2 over the target spikes of the label. See `SpikeTimesLoss`. */
export function spikeTimes<const Group extends string>(group: Group, options: TargetOptions): SpikeTimesLoss<Group> {
  return Object.freeze({ kind: 'spikeTimes', group, ...readTargetOptions(options) })
}

export const SPIKE_TIMES: LossRecord<SpikeTimesLoss, 'spikes'> = {
  ...ON_TARGETS,
  kind: 'spikeTimes',
  looksAtFirstSpikes: haveOneSpikeEach,
  evaluate(loss, shown) {
    const { targets, tau } = loss
    const { observed: trains, trial, size } = shown
    return evaluateTargets(loss, shown, (pattern, slopes) =>
      spikeTimesDistance({ trains, trial }, { trains: targets, trial: pattern }, size, tau, slopes),
    )
  },
}

/** No unit has two target spikes of one label. */
function haveOneSpikeEach({ targets: { offsets, units } }: SpikeTimesLoss): boolean {
  for (let label = 0; label + 1 < offsets.length; label++) {
    const wanted = units.subarray(offsets[label], offsets[label + 1])
    if (new Set(wanted).size < wanted.length) return false
  }
  return true
}
