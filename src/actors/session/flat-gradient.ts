import type { Network } from '../../network/description/network.js'
import { limitOf } from '../../network/description/time-constants.js'

/** Warns once, when a session is asked for gradients, of a group whose spikes arrivals bring about at once. */
export function createFlatWarning({ groups, projections }: Network): () => void {
  const flat = groups.find((group) => {
    return limitOf(group)?.field === 'tauSyn' && projections.some(({ target }) => target === group.name)
  })
  let isSaid = false
  return () => {
    if (flat === undefined || isSaid) return
    isSaid = true
    const words =
      'A spike that an arrival brings about moves with that arrival alone: its gradient by weights and thresholds is 0.'
    const remedy = 'Learn delays, or give the group a tauSyn above 0.'
    process.emitWarning(`"${flat.name}": ${limitOf(flat)?.clause}. ${words} ${remedy}`, 'GRADIENT_FLAT')
  }
}
