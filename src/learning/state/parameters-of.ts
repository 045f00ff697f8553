import { describedTau, tauShapesOf } from '../../dynamics/parameters/tau-values.js'
import { byName } from '../../events/by-name.js'
import type { TauField } from '../../network/description/time-constants.js'
import type { GroupValues, LifValues, LiValues, NetworkInstance } from '../../network/instance/instance.js'
import { byLearnedField, hasNeurons, learnedValues } from '../../network/models/models.js'
import type { GroupParameters, Parameters } from '../session.js'

/** The learnable numbers of an instance, as copies. */
export function parametersOf({ groups, projections }: NetworkInstance): Parameters {
  const ofGroup = (values: GroupValues): readonly (readonly [string, GroupParameters])[] => {
    if (!hasNeurons(values)) return []
    const own = byLearnedField(values, (field) => learnedValues(values, field).slice())
    return [[values.name, { ...own, ...tausOf(values) }]]
  }
  return {
    projections: byName(
      projections.map(({ key, weights, delays }) => [key, { weights: weights.slice(), delays: delays.slice() }]),
    ),
    groups: byName(groups.flatMap(ofGroup)),
  }
}

function tausOf(values: LifValues | LiValues): Readonly<Partial<Record<TauField, Float64Array>>> {
  return Object.fromEntries(
    tauShapesOf(values).map(({ field, isCommon }) => [
      field,
      describedTau(values, field).slice(0, isCommon ? 1 : values.size),
    ]),
  )
}
