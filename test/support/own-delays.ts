import type { Connection } from '../../src/network/projections.js'

/** Whether delays per synapse lead to a group, so that each of its neurons has arrivals of its own. */
export function hasOwnDelays(group: string, connections: readonly Connection[]): boolean {
  return connections.some(({ target, options: { delay } }) => {
    return target === group && typeof delay === 'object' && delay.kind === 'perSynapse'
  })
}
