import type { Group } from './network.js'

/** Whether a group is one of neurons as the model has them: no source, and no actor, which have no voltages. */
export function hasNeurons<Described extends Pick<Group, 'kind'>>(
  group: Described,
): group is Extract<Described, { readonly kind: 'lif' | 'li' }> {
  return group.kind === 'lif' || group.kind === 'li'
}
