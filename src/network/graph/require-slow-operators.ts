import { InputError } from '../../events/errors.js'
import type { Network } from '../description/network.js'
import { components } from './components.js'
import { hurriedGroups } from './hurried-groups.js'
import { MINIMAL_CYCLE_DELAY } from './lookahead.js'

/**
 * Raises `InputError` OPERATOR_CYCLE for an operator on a cycle that spikes might go around in no time without it: such
 * groups run event by event, and the delay that the operator adds is unknown before it is loaded.
 */
export function requireSlowOperators(network: Network): void {
  const { projections } = network
  if (projections.every(({ through }) => through === undefined)) return
  const hurried = hurriedGroups(network)
  const parts = components(network)
  const order = projections.findIndex(({ source, target, through }) => {
    const isInside = parts.some(({ groups }) => groups.includes(source) && groups.includes(target))
    return through !== undefined && isInside && hurried.has(target)
  })
  if (order < 0) return
  throw new InputError({
    code: 'OPERATOR_CYCLE',
    field: `projections[${order}].through`,
    found: `an operator on a cycle that spikes might go around in less than ${MINIMAL_CYCLE_DELAY} ms a projection`,
    expected: `delays of ${MINIMAL_CYCLE_DELAY} ms or more around its cycle, without those of operators`,
    remedy: `Give the projections of the cycle delays of ${MINIMAL_CYCLE_DELAY} ms.`,
  })
}
