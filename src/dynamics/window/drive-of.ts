import type { Network, Projection } from '../../network/description/network.js'
import { frameLength } from '../emission/poisson-frames.js'
import type { Drive } from './drive-places.js'

/** A frame of a drive is at most this many cells: as many sums are kept per neuron. */
const MOST_CELLS = 16

/**
 * What a projection is to the window kernel if it can draw its spikes itself, so that none has to be sent: one to one from
 * a Poisson source at one rate, after no delay or a whole number of cells, at whatever weights; else null.
 */
export function driveOf({ groups }: Network, projection: Projection, cell: number): Drive | null {
  const { source, target, connectivity, delays, through } = projection
  // Operators stand before a kernel.
  if (through !== undefined) return null
  const from = groups.find(({ name }) => name === source)
  if (from?.kind !== 'source' || from.emission?.process !== 'poisson') return null
  const { rate, start, stop = Infinity } = from.emission
  const size = groups.find(({ name }) => name === target)?.size
  if (size !== from.size || !isOneToOne(connectivity, size) || typeof rate !== 'number' || !(rate > 0)) return null
  const delay = delays.kind === 'none' ? 0 : delays.kind === 'scalar' ? delays.value : Number.NaN
  const drive = { source, rate, start, stop, delay }
  return fitsCells(drive, cell) ? drive : null
}

/** By rule, or as the list that such a rule becomes once its numbers were learned. */
function isOneToOne(connectivity: Projection['connectivity'], size: number): boolean {
  if (connectivity.kind === 'rule') return connectivity.rule.rule === 'oneToOne'
  if (connectivity.kind === 'dense' || connectivity.sources.length !== size) return false
  return connectivity.sources.every((unit, n) => unit === n && connectivity.targets[n] === n)
}

/**
 * Whether the spikes of a drive can be drawn into the sums of cells, frame by frame. All slices of a group agree: they share
 * the delay and the time constants that cells follow from.
 */
export function fitsCells({ rate, delay }: Pick<Drive, 'rate' | 'delay'>, cell: number): boolean {
  const cells = frameLength(rate) / cell
  return Number.isInteger(delay / cell) && cells >= 1 && cells <= MOST_CELLS
}
