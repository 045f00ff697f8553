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
  if (routed >= 0) throw unsupported(`projections[${routed}].through`, 'operators', 'none, on a grid of time')
  groups.forEach((group, index) => {
    const found = strange(group)
    if (found !== null) throw unsupported(`groups[${index}]`, `"${group.name}", ${found.what}`, found.expected)
  })
}

function unsupported(
  field: string,
  found: string,
  expected: string,
  remedy = 'Train this network with the exact method.',
): InputError {
  return new InputError({ code: 'SURROGATE_UNSUPPORTED', field, found, expected, remedy })
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
  if (rates.taus === undefined) return
  const expected = 'no learning of time constants, on a grid of time'
  const remedy = 'Leave "taus" out, or train with the exact method.'
  throw unsupported('step.rates.taus', String(rates.taus), expected, remedy)
}
