import type { Pathway } from '../pathway.js'
import type { VectorStream } from '../vector-stream.js'

/** Hands out the ends of pathways and vector streams by the number of their stream. */
export interface PathwayEnds {
  pathway(stream: number): Pathway
  vectorStream(stream: number): VectorStream
  close(): void
}
