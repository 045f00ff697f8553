import { InputError } from '../../events/errors.js'
import type { Group, Network } from '../../network/description/network.js'
import { limitOf } from '../../network/description/time-constants.js'
import type { StepOptions } from '../session.js'

/**
 * Raises `InputError` SURROGATE_UNSUPPORTED for what cannot be put on a grid of time: sources that emit by
 * themselves, actors, separate excitatory and inhibitory synapses, and operators.
 */
export function requireGridNetwork({ groups, projections }: Network): void {
  const routed = projections.findIndex(({ through }) => through !== undefined)
  if (routed >= 0)
    throw new InputError({
      code: 'SURROGATE_UNSUPPORTED',
      field: `projections[${routed}].through`,
      found: 'operators',
      expected: 'none, on a grid of time',
      remedy: 'Train this network with the exact method.',
    })
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
  if (group.kind === 'actor') return { what: 'an actor of your own', expected: 'sources and neurons' }
  const limit = limitOf(group)
  if (limit !== undefined)
    return { what: `of which ${limit.clause}`, expected: 'time constants above 0 that are finite' }
  if (group.tauSyn !== undefined) return null
  return {
    what: 'with a time constant per sign of the weight',
    expected: 'one synaptic time constant per neuron, tauSyn',
  }
}

/** Raises `InputError` SURROGATE_UNSUPPORTED where time constants are to be learned. */
export function requireGridStep({ rates }: Pick<StepOptions, 'rates'>): void {
  if (rates.taus !== undefined)
    throw new InputError({
      code: 'SURROGATE_UNSUPPORTED',
      field: 'step.rates.taus',
      found: String(rates.taus),
      expected: 'no learning of time constants, on a grid of time',
      remedy: 'Leave "taus" out, or train with the exact method.',
    })
}
