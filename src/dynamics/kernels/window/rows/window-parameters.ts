import { delayOfSynapse } from '../../../../network/graph/delay-of-synapse.js'
import type { LifValues, ProjectionValues } from '../../../../network/instance/instance.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { Afferent } from '../../../parameters/synapses.js'
import { tausIn } from '../../../parameters/tau-values.js'

/** The numbers of a projection that may be learned: one weight per synapse, delays by its shape. */
export interface ProjectionNumbers {
  readonly weights: Float64Array
  readonly delays: Float64Array
}

/** What a window kernel runs with once its parameters were asked for. */
export interface WindowParameters {
  /** The neurons, with what was learned. */
  readonly values: LifValues
  /** Per projection. */
  readonly projections: readonly ProjectionNumbers[]
}

/** @param vector see `ParameterLayout`; it may change, what this returns does not, but for weights and delays per synapse */
export function windowParameters(
  values: LifValues,
  layout: ParameterLayout,
  afferents: readonly Afferent[],
  vector: Float64Array,
): WindowParameters {
  const perNeuron = (at: number) => vector.slice(at, at + values.size)
  const learned = {
    bias: perNeuron(layout.bias),
    threshold: perNeuron(layout.threshold),
    adaptStep: perNeuron(layout.adaptStep),
    ...tausIn(vector, layout),
  }
  return {
    values: { ...values, ...learned },
    projections: afferents.map(({ base, count, delayBase, delayCount, delayShape }) => {
      const delays = vector.subarray(layout.delays + delayBase, layout.delays + delayBase + delayCount)
      return {
        weights: vector.subarray(layout.weights + base, layout.weights + base + count),
        delays: delayShape === 'perSynapse' ? delays : delays.slice(),
      }
    }),
  }
}

/** How much later a spike of a unit arrives; null where synapses have their own delays. */
export type DelayRule = ((unit: number) => number) | null

/** The rule of delays that are shared. */
export function delayRule({ delayShape }: Pick<ProjectionValues, 'delayShape'>, delays: Float64Array): DelayRule {
  return delayShape === 'perSynapse' ? null : (unit) => delayOfSynapse(delays, delayShape, 0, unit, 0)
}
