import { FateDraws } from '../../dynamics/noise/fate-draws.js'
import { perturbBatch, restoreOriginal, type SpikeCounts } from '../../dynamics/noise/perturb-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { readoutNoiseOf } from '../../learning/noise/spike-noise-of.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { Run } from './run.js'

/** What is between the spikes of an output group and the times that the loss sees. */
export interface ReadoutNoise {
  /** What is read out of a batch of a slice. */
  perturb(slice: number, batch: SpikeBatch): SpikeBatch
  /** The gradients of the batch as it was sent, from those of what was read out. */
  restore(read: SpikeBatch, values: Float64Array): Float64Array
}

const EXACT: ReadoutNoise = { perturb: (_, batch) => batch, restore: (_, values) => values }

/** @param total units of the output group */
export function createReadoutNoise(
  { noise, loss, trials }: Pick<Run, 'noise' | 'loss' | 'trials'>,
  slices: readonly Slice[],
  total: number,
): ReadoutNoise {
  const readout = noise === undefined ? null : readoutNoiseOf(noise, loss?.loss.group ?? '')
  if (noise === undefined || readout === null) return EXACT
  const fates = new FateDraws(readout.fates, noise, trials.count, total)
  const way = { ...readout, causal: false }
  const seen = slices.map(({ start, end }): SpikeCounts => {
    return { start, size: end - start, counts: new Uint32Array(trials.count * (end - start)) }
  })
  const places = new Map<SpikeBatch, { readonly of: Int32Array; readonly count: number }>()
  return {
    perturb(slice, batch) {
      const { batch: read, places: of } = perturbBatch(batch, fates, seen[slice] as SpikeCounts, way)
      places.set(read, { of, count: batch.times.length })
      return read
    },
    restore(read, values) {
      const original = places.get(read)
      return original === undefined ? values : restoreOriginal(original.of, values, 1, original.count)
    },
  }
}
