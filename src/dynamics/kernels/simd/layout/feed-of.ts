import type { LifValues, LiValues, ProjectionValues } from '../../../../network/instance/instance.js'
import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import type { Feed } from '../../../parameters/synapses.js'
import { tauShapesOf } from '../../../parameters/tau-values.js'

/** What neurons make of pairs without a synapse, where nothing but what is held decides. */
export function feedOf(values: LifValues | LiValues, projections: readonly ProjectionValues[]): Feed {
  const shapes = tauShapesOf(values)
  const hasOwnTaus = shapes.some(({ field, isCommon }) => !isCommon && field !== 'tauAdapt')
  if (hasTwoCurrents(values) && hasOwnTaus) return 'own'
  const isOwn = projections.some(({ layout, delayShape }) => layout === 'synapses' || delayShape === 'perSynapse')
  return isOwn ? 'own' : 'shared'
}
