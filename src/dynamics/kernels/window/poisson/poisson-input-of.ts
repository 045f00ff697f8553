import type { Network, Projection } from '../../../../network/description/network.js'
import { intervalLength } from '../../../emission/poisson-intervals.js'
import type { PoissonInput } from './poisson-input-places.js'

/** A counting interval of a Poisson input is at most this many bins: as many sums are kept per neuron. */
const MOST_BINS = 16

/**
 * What a projection is to the window kernel if it can draw its spikes itself, so that none has to be sent: one to one from
 * a Poisson source at one rate, after no delay or a whole number of bins, at whatever weights; else null.
 */
export function poissonInputOf({ groups }: Network, projection: Projection, bin: number): PoissonInput | null {
  const { source, target, connectivity, delays, through } = projection
  // Operators stand before a kernel.
  if (through !== undefined) return null
  const from = groups.find(({ name }) => name === source)
  if (from?.kind !== 'source' || from.emission?.process !== 'poisson') return null
  const { rate, start, stop = Infinity } = from.emission
  const size = groups.find(({ name }) => name === target)?.size
  if (size !== from.size || !isOneToOne(connectivity, size) || typeof rate !== 'number' || !(rate > 0)) return null
  const delay = delays.kind === 'none' ? 0 : delays.kind === 'scalar' ? delays.value : Number.NaN
  const poissonInput = { source, rate, start, stop, delay }
  return fitsBins(poissonInput, bin) ? poissonInput : null
}

/** By rule, or as the list that such a rule becomes once its numbers were learned. */
function isOneToOne(connectivity: Projection['connectivity'], size: number): boolean {
  if (connectivity.kind === 'rule') return connectivity.rule.rule === 'oneToOne'
  if (connectivity.kind === 'dense' || connectivity.sources.length !== size) return false
  return connectivity.sources.every((unit, n) => unit === n && connectivity.targets[n] === n)
}

/**
 * Whether the spikes of a Poisson input can be drawn into the sums of bins, interval by interval. All slices of a group
 * agree: they share the delay and the time constants that bins follow from.
 */
export function fitsBins({ rate, delay }: Pick<PoissonInput, 'rate' | 'delay'>, bin: number): boolean {
  const bins = intervalLength(rate) / bin
  return Number.isInteger(delay / bin) && bins >= 1 && bins <= MOST_BINS
}
