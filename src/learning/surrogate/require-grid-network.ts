import { InputError } from '../../events/errors.js'
import type { Group, Network } from '../../network/network.js'

/**
 * Raises `InputError` SURROGATE_UNSUPPORTED for what cannot be put on a grid of time yet: sources that emit by
 * themselves, and separate excitatory and inhibitory synapses.
 */
export function requireGridNetwork({ groups }: Network): void {
  groups.forEach((group, index) => {
    const found = strange(group)
    if (found === null) return
    throw new InputError({
      code: 'SURROGATE_UNSUPPORTED',
      field: `groups[${index}]`,
      found: `"${group.name}", ${found.what}`,
      expected: found.expected,
      remedy: 'Train this network with the exact method.',
    })
  })
}

function strange(group: Group): { readonly what: string; readonly expected: string } | null {
  if (group.kind === 'source') {
    if (group.emission === undefined) return null
    return { what: 'a source that emits by itself', expected: 'sources that are given their spikes' }
  }
  if (group.tauSyn !== undefined) return null
  return {
    what: 'with a time constant per sign of the weight',
    expected: 'one synaptic time constant per neuron, tauSyn',
  }
}
