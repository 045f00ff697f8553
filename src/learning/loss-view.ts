import type { Group } from '../network/network.js'
import type { Loss, ReadoutLoss, SpikeTimesLoss, VanRossumLoss } from './loss.js'

/** The kind of group that a loss looks at. */
export function groupKindOf(loss: Loss): 'lif' | 'li' {
  return isReadoutLoss(loss) ? 'li' : 'lif'
}

/** Whether a loss for groups of one kind can look at a group: those for neurons that spike look at the spikes of actors, too. */
export function suitsKind(group: Pick<Group, 'kind'>, kind: 'lif' | 'li'): boolean {
  return group.kind === kind || (kind === 'lif' && group.kind === 'actor')
}

/** A loss on one number per readout and trial, the maximum of its voltage or an integral over it. */
export function isReadoutLoss(loss: Loss): loss is ReadoutLoss {
  return loss.kind === 'vMax' || loss.kind === 'liIntegral'
}

/** Over what a loss wants the voltages of its group integrated, ∫ e^{-t/tau} V dt. */
export function integralOf(loss: Loss | undefined): { readonly tau: number } | undefined {
  return loss?.kind === 'liIntegral' ? { tau: loss.tau } : undefined
}

/** A loss with a target train per label. */
export function hasTargets(loss: Loss): loss is VanRossumLoss | SpikeTimesLoss {
  return loss.kind === 'vanRossum' || loss.kind === 'spikeTimes'
}

/** How many labels a loss tells apart: target trains, or the units of its group. */
export function classesOf(loss: Loss, size: number): number {
  return hasTargets(loss) ? loss.targets.offsets.length - 1 : size
}

/** No spike but the first of each unit moves the loss: the others need not be emitted. */
export function looksAtFirstSpikes(loss: Loss): boolean {
  return loss.kind === 'firstSpike' || (loss.kind === 'spikeTimes' && haveOneSpikeEach(loss))
}

/** The units that shall spike in a trial: that of the label, or those with target spikes. */
export function wantedUnits(loss: Loss, label: number | null): readonly number[] {
  if (!hasTargets(loss)) return label === null ? [] : [label]
  const { offsets, units } = loss.targets
  const pattern = label ?? 0
  return [...new Set(units.subarray(offsets[pattern], offsets[pattern + 1]))]
}

/** No unit has two target spikes of one label. */
function haveOneSpikeEach({ targets: { offsets, units } }: SpikeTimesLoss): boolean {
  for (let label = 0; label + 1 < offsets.length; label++) {
    const wanted = units.subarray(offsets[label], offsets[label + 1])
    if (new Set(wanted).size < wanted.length) return false
  }
  return true
}
