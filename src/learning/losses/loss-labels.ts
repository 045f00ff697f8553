import type { AnyLoss } from './any-loss.js'

/** What the labels of trials are to a loss: numbers from 0. */
export interface LossLabels<Own> {
  /** How many there are: every trial needs one of them. Absent: a trial may have any, or none. */
  count?(loss: Own, size: number): number
  /** What one is, in words. */
  meaning(loss: Own): string
  /** Where there is one alone, it need not be said. Default false. */
  readonly isSpare?: boolean
  /** The units that shall spike in a trial of this label; -1: of none. */
  wanted(loss: Own, label: number): readonly number[]
}

const wanted = (_: AnyLoss, label: number) => (label < 0 ? [] : [label])
const meaning = ({ group }: AnyLoss) => `a unit of group "${group}"`

/** A label is the unit of its trial, which is needed. */
export const UNIT_LABELS: LossLabels<AnyLoss> = { count: (_, size) => size, meaning, wanted }

/** A label, if there is one, is the unit of its trial. */
export const SPARE_LABELS: LossLabels<AnyLoss> = { meaning, wanted }

/** A label is whatever the loss takes it for. */
export const FREE_LABELS: LossLabels<AnyLoss> = { meaning: () => 'a label', wanted: () => [] }
