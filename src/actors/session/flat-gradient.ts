import type { Network } from '../../network/description/network.js'
import { limitOf } from '../../network/description/time-constants.js'
import { isSpiking } from '../../network/models/models.js'

/** Warns once of groups whose spikes jump across the threshold, for a session that is asked for gradients. */
export function createFlatWarning({ groups, projections }: Network): () => void {
  const flat = groups.find((group) => {
    return isSpiking(group) && group.tauSyn !== undefined && limitOf({ tauSyn: group.tauSyn }) !== null
  })
  const isJoined = projections.some(({ target }) => target === flat?.name)
  let isSaid = flat === undefined || !isJoined
  return () => {
    if (isSaid) return
    isSaid = true
    process.emitWarning(
      `"${flat?.name}": ${limitOf(flat ?? {})}. A spike that an arrival brings about moves with that arrival alone: its gradient by weights and thresholds is 0. Learn delays, or give the group a tauSyn above 0.`,
      'GRADIENT_FLAT',
    )
  }
}
