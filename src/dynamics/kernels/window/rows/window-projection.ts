import type { SourceRows } from './source-rows.js'

/** A projection whose synapses lie in the memory; null: every synapse has a weight of its own. */
export interface WindowProjection {
  readonly rows: SourceRows
  readonly weight: number | null
}
