import type { Group, Projection } from '../../network/network.js'
import { shareOf } from './cell-grid.js'

/** A larger share of the current in the scaled voltage would cost too many digits: nearly equal time constants. */
const MOST_SHARE = 8

/**
 * Whether the window kernel can run a group forward: LIF neurons without adaptation, with common time constants, not too
 * close to each other, and one synaptic current; rules say who projects to them, and no number of a synapse is a list.
 *
 * A question about the description, never about a slice: all slices of a group run with the same kernel.
 */
export function suitsWindow(group: Group, projections: readonly Projection[]): boolean {
  if (group.kind !== 'lif' || group.adaptStep !== 0) return false
  const { tauMem, tauSyn } = group
  if (typeof tauMem !== 'number' || typeof tauSyn !== 'number') return false
  if (!(Math.abs(shareOf({ tauMem, tauSyn })) <= MOST_SHARE)) return false
  return projections.length > 0 && projections.every(({ connectivity }) => connectivity.kind === 'rule')
}
