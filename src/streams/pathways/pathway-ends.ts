import type { Exchange } from '../exchange.js'
import type { Pathway } from '../pathway.js'

/** Hands out the ends of pathways and exchanges by the number of their stream. */
export interface PathwayEnds {
  pathway(stream: number): Pathway
  exchange(stream: number): Exchange
  close(): void
}
