import type { OperatorsOf } from '../../../dynamics/kernels/routed-inputs.js'
import { type CheckedOperator, checkOperator } from '../../../dynamics/operators/checked-operator.js'
import type { OperatorContext } from '../../../dynamics/operators/operator.js'
import { InternalError } from '../../../events/errors.js'
import type { Network, Projection } from '../../../network/description/network.js'
import type { ModuleReference } from '../../../network/modules/module-reference.js'
import type { NoteVerbs } from '../../../network/modules/module-verbs.js'
import { createRandomStream } from '../../../numerics/random-stream.js'
import type { LoadedModules } from '../../modules/load-modules.js'

export interface OperatorSetup {
  readonly modules: LoadedModules
  /** Of what operators draw. */
  readonly seed: number
  /** Called with the user function that is being executed; optional. */
  readonly noteVerbs?: NoteVerbs | undefined
}

/** Makes the operators of the projections of a network, new ones with every call. Raises what `checkOperator` raises. */
export function createOperators(
  { groups, projections }: Network,
  { modules, seed, noteVerbs }: OperatorSetup,
): OperatorsOf {
  return (order) => {
    const projection = projections[order] as Projection
    const sourceSize = groups.find(({ name }) => name === projection.source)?.size ?? 0
    return (projection.through ?? []).map((reference, position) => {
      return createOperator(reference, {
        ...{ modules, seed, noteVerbs },
        ...{ key: projection.key, target: projection.target, position, sourceSize },
      })
    })
  }
}

export interface OperatorOrigin extends OperatorSetup {
  readonly key: string
  /** The group that the spikes come to. */
  readonly target: string
  /** Among the operators of the projection. */
  readonly position: number
  readonly sourceSize: number
}

/** Makes one operator, from what its module exports. Raises what `checkOperator` raises. */
export function createOperator(
  reference: ModuleReference,
  { modules, seed, noteVerbs, key, target, position, sourceSize }: OperatorOrigin,
): CheckedOperator {
  const create = modules.get(reference)
  if (create === undefined) throw new InternalError(`The module ${reference.module} was not loaded.`)
  const name = `through/${key}/${position}`
  const context: OperatorContext = {
    projection: key,
    sourceSize,
    random: (of) => createRandomStream(seed, `${name}/own/${of}`),
  }
  const place = { module: reference.module, projection: key }
  const origin = { seed, name: `${name}/spike`, sourceSize }
  const note = noteVerbs?.({ kind: 'operator', name: key, group: target, module: reference.module })
  return checkOperator(() => create(reference.options, context), place, origin, note)
}
