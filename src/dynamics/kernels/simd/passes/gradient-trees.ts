import { TRIAL_CHUNK } from '../../../parameters/trial-sum.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { TAU_ROWS } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { ROW } from '../layout/synapse-rows.js'
import type { SimdPass } from './simd-pass.js'

/** Fields of the header. */
export interface TreeFields {
  readonly gradientBytes: number
  readonly levels: number
  readonly vectors: number
}

/** Room for `trees` trees of gradient vectors, each over all trials of a run. */
export function takeTrees({ memory, places }: SimdEngine, options: KernelOptions, trees: number): TreeFields {
  const gradientBytes = places.gradientBytes + (wantsTaus(options) ? TAU_ROWS.size : 0)
  const levels = 33 - Math.clz32(Math.ceil(options.trials / TRIAL_CHUNK))
  return { gradientBytes, levels, vectors: memory.take(gradientBytes * levels * trees) }
}

/**
 * The next micro-batch is about to be undone, in trees of all lane groups if it is not the first one: of rows that none before
 * has touched they hold nothing yet.
 */
export function touchRows(
  { learnedRows, places, memory }: SimdEngine,
  { range, received, options }: Pick<SimdPass, 'range' | 'received' | 'options'>,
  fields: TreeFields,
): void {
  if (learnedRows === null) return
  const { touched } = learnedRows
  if (range.start === 0) learnedRows.beginTouching(options.isPart)
  learnedRows.touch(received)
  if (range.start > 0) clearInTrees(memory, fields, places.laneGroups, touched.added())
  touched.note()
}

/** Sets some rows to zeros in all vectors of `trees` trees. */
function clearInTrees(
  { f64 }: KernelMemory,
  { gradientBytes, levels, vectors }: TreeFields,
  trees: number,
  rows: readonly number[],
): void {
  for (let vector = 0; vector < trees * levels; vector++)
    for (const row of rows) {
      const from = (vectors + gradientBytes * vector + ROW * row) / 8
      f64.fill(0, from, from + ROW / 8)
    }
}
