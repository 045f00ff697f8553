import { compileBinary } from '../../../dynamics/kernels/wasm/compile-binary.js'
import { type WebAssemblyMemory, webAssembly } from '../../../dynamics/kernels/wasm/web-assembly.js'
import { LOOPS } from './loops-binary.js'

/**
 * The loops of networks on a grid of time, see `assembly`. Addresses of rows, each `bytes` long, a multiple of 16; a block
 * is a group's rows, one behind the other.
 */
export interface GridLoops {
  /** to += row */
  addRow(to: number, row: number, bytes: number): void
  /** to += sum over r of factors[r] · row r; `count` is a multiple of 4. */
  addWeightedRows(to: number, rows: number, factors: number, count: number, bytes: number): void
  advanceReadout(block: number, bytes: number, trace: number): void
  backwardReadout(block: number, bytes: number, explicit: number, collects: boolean): void
  /** Return how many units spike. */
  advanceNeurons(block: number, bytes: number, tape: number): number
  advanceAdaptiveNeurons(block: number, bytes: number, tape: number): number
  backwardNeurons(block: number, bytes: number, tape: number, slope: number, collects: boolean): void
  backwardAdaptiveNeurons(block: number, bytes: number, tape: number, slope: number): void
}

/** The loops, on a memory. */
export function gridLoops(memory: WebAssemblyMemory): GridLoops {
  const { exports } = new webAssembly.Instance(compileBinary([LOOPS]), { env: { memory } })
  return exports as GridLoops
}
