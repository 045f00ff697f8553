import { InputError } from '../../events/errors.js'
import { endOfEmission } from '../description/emission.js'
import type { Network } from '../description/network.js'
import type { GroupValues, NetworkInstance } from '../instance/instance.js'
import { isSpiking } from '../models/models.js'
import { components } from './components.js'
import { findCycle } from './find-cycle.js'

/**
 * Refuses a run without an end unless it surely ends by itself: no cycle, no source that emits without end, bias <
 * threshold in every lif neuron, and bias <= 0 in every li neuron, whose voltage would rise for ever.
 *
 * Raises `UNTIL_REQUIRED`, naming the culprit, and `UNTIL_INVALID` for an end that is not > 0.
 */
export function requireEnd(instance: NetworkInstance, until: number): void {
  if (until !== Number.POSITIVE_INFINITY) {
    if (until > 0) return
    throw new InputError({ code: 'UNTIL_INVALID', field: 'until', found: String(until), expected: 'a time in ms, > 0' })
  }
  requireEndingGraph(instance)
  requireUndriven(instance.groups)
}

/** The part of `requireEnd` that asks for the description alone: refuses a cycle, and a source that emits without end. */
export function requireEndingGraph(network: Network | NetworkInstance): void {
  const component = components(network).find(({ cyclic }) => cyclic)
  const cycle = component === undefined ? null : findCycle(component.groups, network.projections)
  if (cycle !== null) throw endless(`the cycle ${[...cycle, cycle[0]].join(' -> ')}`)
  const emitter = network.groups.find((group) => {
    return group.kind === 'source' && group.emission !== undefined && endOfEmission(group.emission) === Infinity
  })
  if (emitter !== undefined) throw endless(`"${emitter.name}" emits spikes without end`)
}

/** The part of `requireEnd` that asks for neurons, maybe of some slices only: refuses one that fires without input. */
export function requireUndriven(groups: readonly GroupValues[]): void {
  const culprit = driven(groups)
  if (culprit !== null) throw endless(culprit)
}

function endless(culprit: string): InputError {
  return new InputError({
    code: 'UNTIL_REQUIRED',
    field: 'until',
    found: `no end, and ${culprit}`,
    expected: 'an end in ms, for the run may never end by itself',
    remedy: 'Say until when to run.',
  })
}

function driven(groups: readonly GroupValues[]): string | null {
  for (const group of groups) {
    if (group.kind === 'source') continue
    if (group.kind === 'actor') return `the actor "${group.name}" may spike for ever`
    const neuron = group.bias.findIndex((bias, index) => {
      return isSpiking(group) ? bias >= (group.threshold[index] as number) : bias > 0
    })
    if (neuron < 0) continue
    const limit = isSpiking(group) ? `its threshold ${group.threshold[neuron]}` : '0'
    const relation = isSpiking(group) ? 'not below' : 'above'
    return `the bias ${group.bias[neuron]} of neuron ${group.start + neuron} of "${group.name}" is ${relation} ${limit}`
  }
  return null
}
