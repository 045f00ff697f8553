import type { KernelValues, LifValues, NeuronValues } from '../../network/instance/instance.js'
import { isSpiking } from '../../network/models/models.js'
import { tauShapesOf } from './tau-values.js'

/**
 * What the description says of a whole group: every slice of it is laid out by the same traits, whatever numbers it holds, so
 * that no figure of memory traffic depends on how the group is cut.
 */

/** Whether some neuron may have a refractory period. */
export function holds(values: NeuronValues): values is LifValues {
  if (!isSpiking(values)) return false
  return values.mayHold ?? values.refractory.some((period) => period > 0)
}

/** Whether weights below 0 drive a current of their own: time constants that are learned may meet. */
export function hasTwoCurrents(values: KernelValues): boolean {
  return tauShapesOf(values).some(({ field }) => field === 'tauSynInh')
}
