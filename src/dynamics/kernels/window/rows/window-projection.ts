import type { SourceRows } from './source-rows.js'

/** A projection whose synapses lie in the memory, and the weight that they share; null: every synapse has its own. */
export interface WindowProjection {
  readonly rows: SourceRows
  readonly weight: number | null
}
