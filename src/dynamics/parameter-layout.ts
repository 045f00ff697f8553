import { BLOCK } from '../numerics/block-sum.js'
import type { Afferent, Synapses } from './synapses.js'

/**
 * Where the learnable numbers of a group and the synapses into it lie in one flat vector:
 * weights | delays | bias | threshold | adaptStep, synapses and delays projection after projection.
 *
 * A gradient vector has the same places, and behind them `shared`: for each block of 32 neurons its share of the
 * delays that are shared between neurons (scalar and per source), so that blocks can be added in their fixed tree.
 */
export interface ParameterLayout {
  /** Neurons of the group. */
  readonly size: number
  readonly weights: number
  readonly delays: number
  readonly bias: number
  readonly threshold: number
  readonly adaptStep: number
  /** Length of the parameter vector. */
  readonly length: number
  readonly shared: number
  /** Shared delays per block, and the first of each projection's (-1: it has none). */
  readonly sharedCount: number
  readonly sharedBase: readonly number[]
  readonly blocks: number
  /** Length of the gradient vector. */
  readonly gradientLength: number
}

const isShared = ({ delayShape }: Afferent) => delayShape === 'scalar' || delayShape === 'perSource'

export function parameterLayout(synapses: Synapses, size: number): ParameterLayout {
  const delays = synapses.count
  const bias = delays + synapses.delayCount
  const threshold = bias + size
  const adaptStep = threshold + size
  const length = adaptStep + size
  let sharedCount = 0
  const sharedBase = synapses.afferents.map((afferent) => {
    if (!isShared(afferent)) return -1
    sharedCount += afferent.delayCount
    return sharedCount - afferent.delayCount
  })
  const blocks = Math.ceil(size / BLOCK)
  const gradientLength = length + blocks * sharedCount
  return {
    size,
    weights: 0,
    delays,
    bias,
    threshold,
    adaptStep,
    length,
    shared: length,
    sharedCount,
    sharedBase,
    blocks,
    gradientLength,
  }
}
