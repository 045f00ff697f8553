import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { InternalError } from '../../events/errors.js'
import type { Loss } from '../../learning/loss.js'
import { nameOfLoss, observedBy } from '../../learning/loss-view.js'
import type { Observed } from '../../learning/losses/loss-record.js'
import type { Maxima } from '../../learning/session.js'
import type { Slice } from '../../network/slices/blocks.js'
import { placeInRows } from './row-slices.js'
import type { Run } from './run.js'

/**
 * What a loss looks at in a readout: tables of one row per trial, one behind the other in one vector. Slices send it, the
 * loss puts it together, and whoever checks what arrives knows by it how long it must be.
 */
const TABLES = {
  maxima: ['maxima', 'times'],
  integral: ['integrals'],
} as const satisfies Record<ReadoutNumbers, readonly string[]>

/** The numbers that a loss may look at in a readout. */
export type ReadoutNumbers = Exclude<Observed, 'spikes'>

/** What a loss looks at in a readout; null if it is one on spikes. */
export function numbersFor(loss: Loss): ReadoutNumbers | null {
  const observed = observedBy(loss)
  return observed === 'spikes' ? null : observed
}

/** Numbers in what so many neurons of a readout send. */
export function readoutLength(numbers: ReadoutNumbers, trials: number, neurons: number): number {
  return TABLES[numbers].length * readoutReturnedLength(trials, neurons)
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
  if (numbers === 'integral') return kernel.integrals(microBatch)
  const { values, times } = kernel.maxima(microBatch)
  const packed = new Float64Array(values.length + times.length)
  packed.set(values)
  packed.set(times, values.length)
  return packed
}

/** Puts what a slice sends to its places in the vector of the whole readout of `total` neurons. */
export function placeReadout(
  numbers: ReadoutNumbers,
  packed: Float64Array,
  whole: Float64Array,
  total: number,
  slice: Slice,
): void {
  const tables = TABLES[numbers].length
  const [part, all] = [packed.length / tables, whole.length / tables]
  for (let table = 0; table < tables; table++)
    placeInRows(
      packed.subarray(table * part, (table + 1) * part),
      whole.subarray(table * all, (table + 1) * all),
      total,
      slice,
    )
}

/** The tables of maxima. */
export function unpackMaxima(whole: Float64Array): Maxima {
  const count = whole.length / TABLES.maxima.length
  return { values: whole.subarray(0, count), times: whole.subarray(count) }
}
