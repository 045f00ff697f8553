import { writeFields } from '../../wasm/fields.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_WEIGHTS, PROJECTION } from '../../wasm/schema/window-records.js'
import type { WindowProjection } from './window-projection.js'

/** Writes where the rows of projections lie, in the order of their numbers, null where nothing arrives; returns the address. */
export function writeProjections(memory: KernelMemory, projections: readonly (WindowProjection | null)[]): number {
  const at = memory.takeZeros(PROJECTION.size * Math.max(1, projections.length))
  projections.forEach((projection, p) => {
    if (projection === null) return
    const { rows, weight } = projection
    writeFields(memory, PROJECTION, at + PROJECTION.size * p, {
      common: weight ?? 1,
      ...{ rows: rows.rows, records: rows.records, stride: rows.stride, weight: rows.weightAt, delay: rows.delayAt },
      isDouble: Number(rows.isDouble),
      excites: weight === null ? OWN_WEIGHTS : Number(weight >= 0),
    })
  })
  return at
}
