import type { Kernel } from '../../dynamics/kernel.js'
import { InternalError } from '../../events/errors.js'
import type { ReadoutLoss } from '../../learning/loss.js'
import { isReadoutLoss } from '../../learning/loss-view.js'
import type { Maxima } from '../../learning/session.js'
import type { Slice } from '../../network/blocks.js'
import { placeInRows } from './row-slices.js'
import type { Run } from './run.js'

/**
 * What a loss looks at in a readout: tables of one row per trial, one behind the other in one vector. Slices send it, the
 * loss puts it together, and whoever checks what arrives knows by it how long it must be.
 */
const TABLES = {
  vMax: ['maxima', 'times'],
  liIntegral: ['integrals'],
} as const satisfies Record<ReadoutLoss['kind'], readonly string[]>

/** Numbers in what so many neurons of a readout send. */
export function readoutLength({ kind }: ReadoutLoss, trials: number, neurons: number): number {
  return TABLES[kind].length * readoutAnswerLength(trials, neurons)
}

/** Numbers in what the loss answers them: dL/d(maximum) or dL/d(integral), a table alike. */
export function readoutAnswerLength(trials: number, neurons: number): number {
  return trials * neurons
}

/** The loss of a run that looks at a readout. */
export function readoutLossOf({ loss }: Pick<Run, 'loss'>): ReadoutLoss {
  if (loss === null || !isReadoutLoss(loss.loss))
    throw new InternalError(`A loss of kind ${loss?.loss.kind ?? 'none'} looks at a readout.`)
  return loss.loss
}

/** What a slice of a readout sends, of all trials or of one micro-batch. */
export function packReadout(kernel: Kernel, { kind }: ReadoutLoss, microBatch?: number): Float64Array {
  if (kind === 'liIntegral') return kernel.integrals(microBatch)
  const { values, times } = kernel.maxima(microBatch)
  const packed = new Float64Array(values.length + times.length)
  packed.set(values)
  packed.set(times, values.length)
  return packed
}

/** Puts what a slice sends to its places in the vector of the whole readout of `total` neurons. */
export function placeReadout(
  { kind }: ReadoutLoss,
  packed: Float64Array,
  whole: Float64Array,
  total: number,
  slice: Slice,
): void {
  const tables = TABLES[kind].length
  const [part, all] = [packed.length / tables, whole.length / tables]
  for (let table = 0; table < tables; table++)
    placeInRows(
      packed.subarray(table * part, (table + 1) * part),
      whole.subarray(table * all, (table + 1) * all),
      total,
      slice,
    )
}

/** The tables of `vMax`. */
export function unpackMaxima(whole: Float64Array): Maxima {
  const count = whole.length / TABLES.vMax.length
  return { values: whole.subarray(0, count), times: whole.subarray(count) }
}
