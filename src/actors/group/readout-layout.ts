import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { InternalError } from '../../events/errors.js'
import type { Loss } from '../../learning/loss.js'
import { nameOfLoss, observedBy } from '../../learning/loss-view.js'
import type { Observed, ObservedData } from '../../learning/losses/loss-record.js'
import type { Slice } from '../../network/slices/blocks.js'
import { placeInRows } from './row-slices.js'
import type { Run } from './run.js'

/** The numbers that a loss may look at in a readout. */
export type ReadoutNumbers = Exclude<Observed, 'spikes'>

/**
 * What a loss reads from a readout: tables of one row per trial, one after the other in one vector. Slices send the
 * vector, the loss joins the parts, and a check of what arrives takes the required length from this layout.
 */
interface ReadoutLayout<Shown> {
  readonly tables: number
  /** What a slice sends. */
  pack(kernel: Kernel, microBatch?: number): Float64Array
  /** What the loss is shown, once `rowsOf` has put the rows of a table where they belong. */
  unpack(whole: Float64Array, rowsOf: (table: Float64Array) => Float64Array): Shown
}

const LAYOUTS: { readonly [Numbers in ReadoutNumbers]: ReadoutLayout<ObservedData[Numbers]> } = {
  maxima: {
    tables: 2,
    pack(kernel, microBatch) {
      const { values, times } = kernel.maxima(microBatch)
      const packed = new Float64Array(values.length + times.length)
      packed.set(values)
      packed.set(times, values.length)
      return packed
    },
    unpack(whole, rowsOf) {
      const count = whole.length / 2
      return { values: rowsOf(whole.subarray(0, count)), times: rowsOf(whole.subarray(count)) }
    },
  },
  integral: {
    tables: 1,
    pack: (kernel, microBatch) => kernel.integrals(microBatch),
    unpack: (whole, rowsOf) => rowsOf(whole),
  },
}

/** What a loss looks at in a readout; null if it is one on spikes. */
export function numbersFor(loss: Loss): ReadoutNumbers | null {
  const observed = observedBy(loss)
  return observed === 'spikes' ? null : observed
}

/** Length of the vector that this number of neurons of a readout sends. */
export function readoutLength(numbers: ReadoutNumbers, trials: number, neurons: number): number {
  return LAYOUTS[numbers].tables * readoutReturnedLength(trials, neurons)
}

/** Numbers in what the loss returns to them: dL/d(maximum) or dL/d(integral), one table. */
export function readoutReturnedLength(trials: number, neurons: number): number {
  return trials * neurons
}

/** What the loss of a run looks at in a readout. */
export function readoutNumbersOf({ loss }: Pick<Run, 'loss'>): ReadoutNumbers {
  const numbers = loss === null ? null : numbersFor(loss.loss)
  if (numbers !== null) return numbers
  throw new InternalError(`The loss ${loss === null ? 'none' : nameOfLoss(loss.loss)} looks at a readout.`)
}

/** What a slice of a readout sends, of all trials or of one micro-batch. */
export function packReadout(kernel: Kernel, numbers: ReadoutNumbers, microBatch?: number): Float64Array {
  return LAYOUTS[numbers].pack(kernel, microBatch)
}

/** Puts what a slice sends to its places in the vector of the whole readout of `total` neurons. */
export function placeReadout(
  numbers: ReadoutNumbers,
  packed: Float64Array,
  whole: Float64Array,
  total: number,
  slice: Slice,
): void {
  const { tables } = LAYOUTS[numbers]
  const [part, all] = [packed.length / tables, whole.length / tables]
  for (let table = 0; table < tables; table++)
    placeInRows(
      packed.subarray(table * part, (table + 1) * part),
      whole.subarray(table * all, (table + 1) * all),
      total,
      slice,
    )
}

/** What the loss is shown of the vector of the whole readout. */
export function unpackReadout(
  numbers: ReadoutNumbers,
  whole: Float64Array,
  rowsOf: (table: Float64Array) => Float64Array,
): ObservedData[ReadoutNumbers] {
  return LAYOUTS[numbers].unpack(whole, rowsOf)
}
