import { entryOf } from '../../events/by-name.js'
import type { GroupValues, NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import { learnableOf } from '../../network/models/models.js'
import { type GradientTerm, TERM_ORDER } from '../gradient-squares.js'
import type { ParameterKind, Parameters } from '../session.js'

/** One array of learnable numbers of a whole network; exact sessions have parts of one vector per slice (`SliceArray`). */
export interface ParameterArray {
  readonly kind: ParameterKind
  /** Key of the projection whose weights or delays these are, or name of the group. */
  readonly of: string
  /** The group that has the parameters, or the synapses. */
  readonly group: string
  /** The key, if it is one. */
  readonly projection?: string
  /** The array in its place among parameters or gradients. */
  in(parameters: Parameters): Float64Array
  /** How its gradient counts towards the norm of all. */
  term(gradients: Parameters): GradientTerm
}

/** Everything there is to be learned, in file order. */
export function parameterArrays({ groups, projections }: NetworkInstance): readonly ParameterArray[] {
  return [
    ...projections.flatMap((values) => [weightsOf(values), ...delaysOf(values)]),
    ...groups.flatMap((values, place) => arraysOfGroup(values, place, projections.length)),
  ]
}

function weightsOf({ key, order, target: group, layout, targets, targetSize }: ProjectionValues): ParameterArray {
  const find = ({ projections }: Parameters) => entryOf(projections, key)?.weights as Float64Array
  return {
    ...{ kind: 'weights', of: key, group, projection: key, in: find },
    term: (gradients) => ({
      term: TERM_ORDER.weights(order),
      values: find(gradients),
      targets: layout === 'dense' ? null : targets,
      ...wholeOf(targetSize),
    }),
  }
}

function delaysOf(values: ProjectionValues): readonly ParameterArray[] {
  const { key, order, target: group, layout, targets, targetSize, delayShape, delays } = values
  if (delayShape === 'none') return []
  const find = ({ projections }: Parameters) => entryOf(projections, key)?.delays as Float64Array
  const isOwn = delayShape === 'perSynapse'
  return [
    {
      ...{ kind: 'delays', of: key, group, projection: key, in: find },
      term: (gradients) => ({
        term: TERM_ORDER.delays(order),
        values: find(gradients),
        targets: isOwn && layout !== 'dense' ? targets : null,
        ...wholeOf(isOwn ? targetSize : delays.length),
      }),
    },
  ]
}

function arraysOfGroup(values: GroupValues, place: number, projections: number) {
  const { name, size } = values
  // Time constants are not learned here.
  return learnableOf(values).map(({ kind, field }): ParameterArray => {
    const find = ({ groups }: Parameters) => entryOf(groups, name)?.[field] as Float64Array
    return {
      ...{ kind, of: name, group: name, in: find },
      term: (gradients) => ({
        term: TERM_ORDER.ofGroup(projections, place, field),
        values: find(gradients),
        targets: null,
        ...wholeOf(size),
      }),
    }
  })
}

function wholeOf(size: number) {
  return { start: 0, size, total: size }
}
