import type { NetworkInstance } from '../../network/instance/instance.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { readRecord } from '../../network/reading/read-value.js'
import { readOptimizerMemory } from '../optimizers/read-memory.js'
import { readOptimizerKind } from '../optimizers/read-optimizer.js'
import type { OptimizerMemory, SessionState } from '../session.js'
import { type HeldArray, heldArrays } from './held-arrays.js'
import { type LatencyOfProjection, readParameters } from './read-parameters.js'
import { requireLength, stateMismatch } from './state-mismatch.js'

/**
 * The state of a session as plain data, checked: what it would compute with is what the network could be described with,
 * and what its optimiser remembers is what steps could have left.
 *
 * Raises `InputError` as `readParameters`, `readOptimizerKind` and `readOptimizerMemory` do.
 *
 * @param start the network as the session was opened with it
 */
export function readState(
  start: NetworkInstance,
  given: unknown,
  field = 'state',
  latencyOf?: LatencyOfProjection,
): SessionState {
  const state = readRecord(given, field)
  refuseUnknown(state, ['parameters', 'memories'], field)
  const parameters = readParameters(start, state.parameters, `${field}.parameters`, latencyOf)
  const arrays = heldArrays(start)
  const seen = new Set<HeldArray>()
  const memories = readList(state.memories, `${field}.memories`).map((entry, k): OptimizerMemory => {
    const place = `${field}.memories[${k}]`
    const memory = readRecord(entry, place)
    refuseUnknown(memory, ['kind', 'of', 'field', 'method', 'scalars', 'moments'], place)
    const { kind, of, field: tau, method: givenMethod, scalars, moments } = memory
    const array = arrays.find((each) => each.kind === kind && each.of === of && each.field === tau)
    const what = `${describeValue(tau ?? kind)} of ${describeValue(of)}`
    if (array === undefined) throw stateMismatch(place, what, 'something that can be learned in this network')
    if (seen.has(array)) throw stateMismatch(place, `${what} once more`, 'one memory for each array')
    seen.add(array)
    const method = readOptimizerKind(givenMethod, `${place}.method`)
    const plain = readOptimizerMemory(method, { scalars, moments }, place)
    for (const moment of plain.moments)
      requireLength(moment, array.length, `${array.field ?? array.kind} of "${array.of}"`)
    const { field: own } = array
    return { kind: array.kind, of: array.of, ...(own === undefined ? {} : { field: own }), method, ...plain }
  })
  return { parameters, memories }
}
