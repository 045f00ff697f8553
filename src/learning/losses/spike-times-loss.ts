import type { SpikeTrains } from '../../events/spike-trains.js'
import { groupSum } from '../../numerics/group-sum.js'
import { indicesByKey } from '../../numerics/indices-by-key.js'
import type { LossRecord } from './loss-record.js'
import { evaluateTargets, ON_TARGETS, readTargetOptions, type TargetLoss, type TargetOptions } from './target-loss.js'

/** What a target without a spike costs: as much as a spike that is tau off. */
const MISSING = 0.5

/** One trial of some trains. */
interface Pattern {
  readonly trains: SpikeTrains
  readonly trial: number
}

/**
 * How far spikes are from their targets, the k-th of a unit from its k-th.
 *
 *     D = 1/2 sum ((t_k - s_k)/tau)^2 + 1/2 (number of targets without a spike)       dD/dt_k = (t_k - s_k)/tau^2
 *
 * Spikes beyond the targets of their unit do not count. Writes dD/dt in 1/ms into explicit[spike], if asked to, 0 where a
 * spike does not count.
 */
function spikeTimesDistance(
  actual: Pattern,
  wanted: Pattern,
  size: number,
  tau: number,
  explicit: Float64Array | null = null,
): number {
  const spikesOf = entriesByUnit(actual, size)
  const targetsOf = entriesByUnit(wanted, size)
  const parts = new Float64Array(size)
  for (let unit = 0; unit < size; unit++) {
    const targets = targetsOf(unit)
    const spikes = spikesOf(unit)
    let part = 0
    for (let k = 0; k < targets.length; k++) {
      const spike = spikes[k]
      if (spike === undefined) {
        part += MISSING
        continue
      }
      const off = ((actual.trains.times[spike] as number) - (wanted.trains.times[targets[k] as number] as number)) / tau
      part += 0.5 * off * off
      if (explicit !== null) explicit[spike] = off / tau
    }
    if (explicit !== null) for (const spike of spikes.subarray(targets.length)) explicit[spike] = 0
    parts[unit] = part
  }
  return groupSum(parts, 0, size)
}

/** The entries of each unit, in their order. */
function entriesByUnit({ trains, trial }: Pattern, size: number): (unit: number) => Uint32Array {
  const [from, to] = [trains.offsets[trial] as number, trains.offsets[trial + 1] as number]
  const { starts, indices } = indicesByKey(trains.units, size, { from, to })
  return (unit) => indices.subarray(starts[unit], starts[unit + 1])
}

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
