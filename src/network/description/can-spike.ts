import type { Group } from './network.js'

/** Whether a group sends spikes: every one but readouts. */
export function canSpike({ kind }: Pick<Group, 'kind'>): boolean {
  return kind !== 'li'
}

/** Whether it does so because of what arrives: neurons that fire, and actors. */
export function respondsInSpikes({ kind }: Pick<Group, 'kind'>): boolean {
  return kind === 'lif' || kind === 'actor'
}
