import type { Group, Projection, Quantity } from '../../network/network.js'

/**
 * Whether the SIMD kernel can run a group: all its neurons share their time constants, have one synaptic current and no
 * refractory period, and every projection into it is dense.
 *
 * A question about the description, never about a slice: all slices of a group run with the same kernel.
 *
 * @param projections those into the group
 */
export function suitsSimd(group: Group, projections: readonly Projection[]): boolean {
  if (group.kind === 'source' || group.tauSyn === undefined) return false
  const taus = group.kind === 'lif' ? [group.tauMem, group.tauSyn, group.tauAdapt] : [group.tauMem, group.tauSyn]
  if (group.kind === 'lif' && group.refractory !== 0) return false
  return taus.every(isCommon) && projections.every(reachesAll)
}

/** One number for all neurons. */
function isCommon(quantity: Quantity): boolean {
  return typeof quantity === 'number'
}

function reachesAll({ connectivity }: Projection): boolean {
  return connectivity.kind === 'dense' && connectivity.absent.length === 0
}
