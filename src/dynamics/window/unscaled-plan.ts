import type { LifValues } from '../../network/instance.js'
import type { Group, LifGroup, Quantity } from '../../network/network.js'
import { quantityRange } from '../../network/quantity-range.js'
import { type TauField, tauShapes } from '../../network/time-constants.js'
import { describedTau, tauShapesOf } from '../tau-values.js'
import { cellUnder } from './cell-grid.js'

/** What bounds the length of a cell. */
const OF_COURSE: readonly TauField[] = ['tauMem', 'tauSyn', 'tauSynExc', 'tauSynInh']
/** Time constants shorter than this part of the mean, where neurons have their own, do not shorten the cells of all. */
const SHORTEST_SHARE = 1 / 8

/** How a group runs whose state is not scaled: with two synaptic time constants, or some per neuron. */
export interface UnscaledPlan {
  /** In ms, of the time constants that neurons have of their own, by the description: the same for all slices. */
  readonly leastTau: number
}

/** Null of a group whose neurons share one tauMem, tauSyn and tauAdapt. */
export function unscaledPlan(group: Group & LifGroup): UnscaledPlan | null {
  const own = tauShapes(group).filter(({ isCommon }) => !isCommon)
  if (own.length === 0 && group.tauSyn !== undefined) return null
  const fields = own.map(({ field }) => field).filter((field) => OF_COURSE.includes(field))
  const described = group as unknown as Readonly<Record<TauField, Quantity>>
  return { leastTau: Math.min(Infinity, ...fields.map((field) => leastOf(described[field]))) }
}

function leastOf(quantity: Quantity): number {
  return Math.max(quantityRange(quantity).least, SHORTEST_SHARE * meanOf(quantity))
}

function meanOf(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity
  if (!('distribution' in quantity)) return quantity.reduce((sum, value) => sum + value, 0) / quantity.length
  switch (quantity.distribution) {
    case 'constant':
      return quantity.value
    case 'uniform':
      return (quantity.low + quantity.high) / 2
    case 'normal':
      return quantity.mean
  }
}

/** Length of a cell in ms by the time constants that a group shares now, and what its plan says of all others. */
export function unscaledCell(values: LifValues, { leastTau }: UnscaledPlan): number {
  const common = tauShapesOf(values).filter(({ field, isCommon }) => isCommon && OF_COURSE.includes(field))
  return cellUnder(Math.min(leastTau, ...common.map(({ field }) => describedTau(values, field)[0] as number)))
}

/** The same by the description. */
export function describedCell(group: Group & LifGroup, { leastTau }: UnscaledPlan): number {
  const described = group as unknown as Readonly<Record<TauField, number>>
  const common = tauShapes(group).filter(({ field, isCommon }) => isCommon && OF_COURSE.includes(field))
  return cellUnder(Math.min(leastTau, ...common.map(({ field }) => described[field])))
}
