import { describedTau, tauShapesOf } from '../dynamics/parameters/tau-values.js'
import { entryOf } from '../events/by-name.js'
import { PARAMETER_KINDS } from '../learning/parameter-kinds.js'
import type { GradientResult, ParameterKind, Trials } from '../learning/session.js'
import type { NetworkInstance } from '../network/instance/instance.js'
import { hasNeurons, learnableOf, learnedValues, type NeuronValues } from '../network/models/models.js'
import { NEURON_PARAMETERS } from '../network/models/neuron-model.js'

/** What a gradient can be taken by. */
export type CheckedKind = ParameterKind | 'inputTimes'

export const CHECKED_KINDS: readonly CheckedKind[] = Object.freeze([...PARAMETER_KINDS, 'inputTimes'] as const)

/** A network and what it is fed: everything that can be moved. */
export interface Setting {
  readonly instance: NetworkInstance
  readonly trials: Trials
}

/**
 * The numbers of a kind, in the order of groups and projections; `arrays` are the setting's own. Time constants that a
 * whole group shares are the first number of their array.
 */
export function arraysOfKind({ instance, trials }: Setting, kind: CheckedKind): readonly Float64Array[] {
  const { groups, projections } = instance
  switch (kind) {
    case 'weights':
      return projections.map(({ weights }) => weights)
    case 'delays':
      return projections.map(({ delays }) => delays)
    case 'inputTimes':
      return Object.values(trials.inputs).map(({ times }) => times)
    case 'bias':
    case 'thresholds':
    case 'adaptation':
      return groups.flatMap((group) => {
        return learnableOf(group).flatMap((own) =>
          own.kind === kind ? [learnedValues(group as NeuronValues, own.field)] : [],
        )
      })
    case 'taus':
      return tausOf(groups).map(({ values, isCommon }) => (isCommon ? values.subarray(0, 1) : values))
  }
}

/** The gradient by the numbers of a kind, in the same order. */
export function gradientOfKind(
  { instance, trials }: Setting,
  { gradients, inputTimes }: GradientResult,
  kind: CheckedKind,
): Float64Array {
  const joined = (arrays: readonly (Float64Array | undefined)[]) =>
    Float64Array.from(arrays.flatMap((array) => Array.from(array ?? [])))
  const groups = instance.groups.map(({ name }) => entryOf(gradients.groups, name))
  const projections = instance.projections.map(({ key }) => entryOf(gradients.projections, key))
  switch (kind) {
    case 'weights':
    case 'delays':
      return joined(projections.map((projection) => projection?.[kind]))
    case 'inputTimes':
      return joined(Object.keys(trials.inputs).map((name) => entryOf(inputTimes, name)))
    case 'bias':
    case 'thresholds':
    case 'adaptation':
      return joined(groups.map((group) => group?.[NEURON_PARAMETERS[kind]]))
    case 'taus':
      return joined(tausOf(instance.groups).map(({ of, field }) => entryOf(gradients.groups, of)?.[field]))
  }
}

/** The setting with other numbers of one kind; the given one is left alone. */
export function withNumbers(setting: Setting, kind: CheckedKind, values: Float64Array): Setting {
  const moved = structuredClone(setting)
  let from = 0
  for (const array of arraysOfKind(moved, kind)) {
    array.set(values.subarray(from, from + array.length))
    from += array.length
  }
  if (kind === 'taus')
    for (const { values, isCommon } of tausOf(moved.instance.groups)) if (isCommon) values.fill(values[0] as number)
  return moved
}

/** Every time constant that a group is described by. */
function tausOf(groups: NetworkInstance['groups']) {
  return groups.flatMap((group) => {
    if (!hasNeurons(group)) return []
    return tauShapesOf(group).map((shape) => ({ ...shape, of: group.name, values: describedTau(group, shape.field) }))
  })
}
