import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { TrialRange } from '../../../../events/trial-range.js'
import { delayOfSynapse } from '../../../../network/graph/delay-of-synapse.js'
import { BLOCK, blockSum } from '../../../../numerics/block-sum.js'
import { pairwiseSum } from '../../../../numerics/pairwise-sum.js'
import { sumsLength, type TreeNode } from '../../../../numerics/tree-nodes.js'
import { FactorCache } from '../../../equations/factor-cache.js'
import { IntegralResponse } from '../../../equations/integral-response.js'
import { KAPPA_EXC, KAPPA_INH } from '../../../equations/propagator.js'
import type { TimeConstants } from '../../../equations/time-constants.js'
import type { KernelInput } from '../../../inputs/kernel-input.js'
import { lateBatch } from '../../../inputs/late-batch.js'
import { constantsOf } from '../../../models/neurons.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { Afferent, Synapses } from '../../../parameters/synapses.js'
import { tausIn } from '../../../parameters/tau-values.js'
import type { KernelMaxima, ReturnedGradients } from '../../kernel.js'
import type { KernelOptions } from '../../kernel-options.js'
import { joinNodes } from './join-nodes.js'

/** A group of readouts, and what a loss has returned for some trials of it, row-major [trial][neuron]. */
export interface ReturnedReadouts {
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly parameters: Float64Array
  readonly options: KernelOptions
  readonly range: TrialRange
  readonly gradients: Float64Array
  readonly maxima: KernelMaxima
}

/** Behind what returns for spikes, what pseudo-spikes would do; null: no loss looks at the readouts. */
export function withReadoutEffects(
  inputs: readonly KernelInput[],
  nodes: readonly TreeNode[],
  returned: readonly ReturnedGradients[],
  readouts: ReturnedReadouts | null,
): readonly ReturnedGradients[] {
  return returned.map(({ input, batch, values }) => {
    const from = inputs[input] as KernelInput
    const { pseudo } = lateBatch(from, batch)
    if (pseudo === undefined) return { input, batch, values }
    const none = new Float64Array(sumsLength(nodes, pseudo.times.length))
    const effects = readouts === null ? none : readoutEffects(readouts, from.projection, pseudo)
    return { input, batch, values: joinNodes(nodes.length, values, effects) }
  })
}

/**
 * What pseudo-spikes would do to a loss through readouts, in closed form: with q = dL/d(max V) at the time t* of the maximum,
 * or q = dL/dS of an integral S, an arrival of weight w at t changes the loss by
 *
 *     w q kappa(t* - t)  for t < t*,  or  w q G(t)        see `IntegralResponse`
 *
 * Returned as sums over the nodes of the layout, values[node · count + k].
 */
function readoutEffects(readouts: ReturnedReadouts, projection: number, pseudo: SpikeTrains): Float64Array {
  const { synapses, layout, parameters, options, range } = readouts
  const count = pseudo.times.length
  const row = new Float64Array(layout.size)
  const values = new Float64Array(sumsLength(layout.returnedNodes, count))
  const effectOf = responseOf(readouts)
  const { delayShape, delayBase, base } = synapses.afferents[projection] as Afferent
  const { start, list } = synapses.fan(projection)
  const delays = parameters.subarray(layout.delays)
  for (let trial = range.start; trial < range.end; trial++)
    for (let k = pseudo.offsets[trial] as number; k < (pseudo.offsets[trial + 1] as number); k++) {
      const unit = pseudo.units[k] as number
      for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
        const synapse = list[at] as number
        const delay = delayOfSynapse(delays, delayShape, delayBase, unit, synapse - base)
        const time = (pseudo.times[k] as number) + delay
        if (!(time < options.until)) continue
        const n = synapses.targets[synapse] as number
        const weight = parameters[layout.weights + synapse] as number
        row[n] = (row[n] as number) + weight * effectOf(trial - range.start, n, time, weight)
      }
      sumRow(layout, row).forEach((sum, node) => {
        values[node * count + k] = sum
      })
      row.fill(0)
    }
  return values
}

/** The sums of a row over blocks, in the nodes of the layout. */
function sumRow({ size, blocks, returnedNodes: nodes }: ParameterLayout, row: Float64Array): readonly number[] {
  const sums = Float64Array.from({ length: blocks }, (_, b) =>
    blockSum(row, b * BLOCK, Math.min(BLOCK, size - b * BLOCK)),
  )
  const first = nodes[0]?.from ?? 0
  return nodes.map(({ from, to }) => pairwiseSum(sums, from - first, to - from))
}

/** What an arrival of weight 1 in a trial of the range does to the loss, by the current that a weight drives. */
function responseOf({ layout, parameters, options, gradients, maxima }: ReturnedReadouts) {
  const constants = constantsOf(tausIn(parameters, layout))
  const { integral, until } = options
  const factors = new FactorCache()
  const responses = new Map<TimeConstants, Readonly<Record<'exc' | 'inh', IntegralResponse>>>()
  const integralOf = (c: TimeConstants) => {
    const weighting = { tau: Infinity, ...integral, until }
    const known = responses.get(c) ?? {
      exc: new IntegralResponse(c, weighting),
      inh: new IntegralResponse(c, weighting, 'inh'),
    }
    responses.set(c, known)
    return known
  }
  return (row: number, n: number, time: number, weight: number): number => {
    const at = row * layout.size + n
    const q = gradients[at] as number
    if (q === 0) return 0
    const c = constants[n] as TimeConstants
    const isInhibitory = weight < 0 && c.split
    if (integral === undefined) {
      const d = (maxima.times[at] as number) - time
      return d > 0 ? q * (factors.get(c, d)[isInhibitory ? KAPPA_INH : KAPPA_EXC] as number) : 0
    }
    const response = integralOf(c)[isInhibitory ? 'inh' : 'exc']
    response.at(time)
    return q * response.effect
  }
}
