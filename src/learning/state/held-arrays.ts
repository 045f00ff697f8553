import { tauShapesOf } from '../../dynamics/parameters/tau-values.js'
import { entryOf } from '../../events/by-name.js'
import type { TauField } from '../../network/description/time-constants.js'
import type { GroupValues, NetworkInstance } from '../../network/instance/instance.js'
import { hasNeurons, learnableOf } from '../../network/models/models.js'
import type { ParameterKind, Parameters } from '../session.js'

/** One array of learnable numbers, as every session over a network holds it. */
export interface HeldArray {
  readonly kind: ParameterKind
  readonly in: 'projections' | 'groups'
  /** Key of the projection, or name of the group. */
  readonly of: string
  /** What it is called there. */
  readonly name: string
  /** Of time constants: which. */
  readonly field?: TauField
  readonly length: number
}

/** All arrays of a network, in file order. */
export function heldArrays({ groups, projections }: NetworkInstance): readonly HeldArray[] {
  return [
    ...projections.flatMap(({ key, weights, delays }): HeldArray[] => [
      { kind: 'weights', in: 'projections', of: key, name: 'weights', length: weights.length },
      { kind: 'delays', in: 'projections', of: key, name: 'delays', length: delays.length },
    ]),
    ...groups.flatMap(arraysOfGroup),
  ]
}

/** The array in its place among parameters or gradients. */
export function arrayIn(parameters: Parameters, { in: part, of, name }: HeldArray): Float64Array {
  const arrays = entryOf<object>(parameters[part], of) as Readonly<Record<string, Float64Array>> | undefined
  return entryOf(arrays, name) as Float64Array
}

function arraysOfGroup(values: GroupValues): readonly HeldArray[] {
  if (!hasNeurons(values)) return []
  const { name: of, size } = values
  return [
    ...learnableOf(values).map(({ kind, field }) => ({ kind, in: 'groups', of, name: field, length: size }) as const),
    ...tauShapesOf(values).map(({ field, isCommon }) => {
      return { kind: 'taus', in: 'groups', of, name: field, field, length: isCommon ? 1 : size } as const
    }),
  ]
}
