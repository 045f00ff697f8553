import type { LifGroup, Network, Quantity } from '../network/description/network.js'
import { isSpiking } from '../network/models/models.js'
import type { ParameterKind } from './session.js'

export type Bounds = readonly [min: number, max: number]

/**
 * Bounds that keep a network valid while it learns: delays in [0, 20] ms (or up to the largest it starts with),
 * adaptation steps from 0, thresholds from half their way above vReset (half their start if vReset is 0).
 *
 * Time constants have none here: each stays within a quarter and four times its own start unless bounds are given.
 *
 * Learned thresholds drift down and spikes multiply, hence the lower bound. Where the start is drawn at random, the
 * lowest value of a uniform and the mean of a normal distribution count. Several groups share one bound: the
 * lowest. Weights of a projection with a sign keep it beside these bounds.
 */
export function defaultBounds(network: Network): Readonly<Record<Exclude<ParameterKind, 'taus'>, Bounds>> {
  return {
    weights: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    delays: [0, Math.max(20, ...network.projections.flatMap(({ delays }) => delayEnds(delays)))],
    thresholds: [Math.min(...network.groups.flatMap((group) => (isSpiking(group) ? halfway(group) : []))), Infinity],
    adaptation: [0, Number.POSITIVE_INFINITY],
    bias: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  }
}

function delayEnds(delays: Network['projections'][number]['delays']): readonly number[] {
  if (delays.kind === 'none') return []
  return [delays.kind === 'scalar' ? delays.value : range(delays.values).high]
}

function halfway({ threshold, vReset }: LifGroup): number {
  const reset = range(vReset).high
  return reset + (range(threshold).low - reset) / 2
}

function range(quantity: Quantity): { low: number; high: number } {
  if (typeof quantity === 'number') return { low: quantity, high: quantity }
  if (!('distribution' in quantity)) {
    return quantity.reduce(({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }), {
      low: Number.POSITIVE_INFINITY,
      high: Number.NEGATIVE_INFINITY,
    })
  }
  switch (quantity.distribution) {
    case 'constant':
      return { low: quantity.value, high: quantity.value }
    case 'uniform':
      return { low: quantity.low, high: quantity.high }
    case 'normal':
      return { low: quantity.mean, high: quantity.mean }
  }
}
