import type { Group, Network } from '../network/description/network.js'
import { isReadout, respondsInSpikes } from '../network/models/models.js'
import type { Labels } from './labels.js'
import type { Loss } from './loss.js'
import type { Observed } from './losses/loss-record.js'
import { recordOf } from './losses/record-of.js'
import type { TargetLoss } from './losses/target-loss.js'

/** What of its group a loss looks at. */
export function observedBy(loss: Loss): Observed {
  return recordOf(loss).observes
}

/** The kind of group that a loss looks at. */
export function groupKindOf(loss: Loss): 'lif' | 'li' {
  return isReadoutLoss(loss) ? 'li' : 'lif'
}

/** Whether a loss for groups of one kind can look at a group: those for neurons that spike look at the spikes of actors, too. */
export function suitsKind(group: Pick<Group, 'kind'>, kind: 'lif' | 'li'): boolean {
  return kind === 'lif' ? respondsInSpikes(group) : isReadout(group)
}

/** A loss on one number per readout and trial, the maximum of its voltage or an integral over it. */
function isReadoutLoss(loss: Loss): boolean {
  return observedBy(loss) !== 'spikes'
}

/** Whether voltages are integrated for those who look at it. */
const IS_INTEGRATED: Readonly<Record<Observed, boolean>> = { spikes: false, maxima: false, integral: true }

/** Over what a loss wants the voltages of its group integrated, ∫ e^{-t/tau} V dt. */
export function integralOf(loss: Loss | undefined): { readonly tau: number } | undefined {
  if (loss === undefined || !IS_INTEGRATED[observedBy(loss)]) return undefined
  const { tau = Number.POSITIVE_INFINITY } = loss as { readonly tau?: number }
  return { tau }
}

/** What a loss is called in errors. */
export function nameOfLoss(loss: Loss): string {
  return loss.kind === 'own' ? loss.name : loss.kind
}

/** A loss with a target train per label. */
export function hasTargets(loss: Loss): loss is Extract<Loss, TargetLoss> {
  return 'targets' in loss
}

/** A single label of it need not be said. */
function needsNoLabels(loss: Loss): boolean {
  return recordOf(loss).labels.isSpare ?? false
}

/** How many labels a loss tells apart: target trains, or the units of its group. */
export function classesOf(loss: Loss, size: number): number {
  return recordOf(loss).labels.count?.(loss, size) ?? size
}

/**
 * No spike of the loss's group but the first of each unit has an effect on the loss: the others need not be emitted. The
 * loss looks at the first ones alone, and no projection leads from the group: neither on to others, nor back to itself.
 */
export function firstSpikesSuffice({ projections }: Pick<Network, 'projections'>, loss: Loss): boolean {
  if (projections.some(({ source }) => source === loss.group)) return false
  return recordOf(loss).looksAtFirstSpikes?.(loss) ?? false
}

/** Whether units shall spike because of the loss: its labels are given, or it needs none. */
export function wantsUnits({ loss, labels }: { readonly loss: Loss; readonly labels: Labels | null }): boolean {
  return labels !== null || needsNoLabels(loss)
}

/** The units that shall spike in a trial: that of the label, or those with target spikes. */
export function wantedUnits(loss: Loss, label: number | null): readonly number[] {
  return recordOf(loss).labels.wanted(loss, label ?? -1)
}
