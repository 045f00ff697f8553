import { compiledOnce, type WebAssemblyMemory, webAssembly } from '../../../dynamics/kernels/wasm/web-assembly.js'
import { LOOPS } from './loops-binary.js'

/** The synapses first … end - 1 of a list, and how a spike goes through them, see `arrivalOf` in `assembly/lists.ts`. */
type Passage = [first: number, end: number, position: number, late: number, soonest: number]

/** What is read at rows[s] + step, never beyond the step `last`. */
type Taped = [tape: number, last: number]

/**
 * The loops of networks on a grid of time, see `assembly`. Addresses of rows, each `bytes` long, a multiple of 16; a block
 * is a group's rows, one behind the other.
 */
export interface GridLoops {
  /** to += row */
  addRow(to: number, row: number, bytes: number): void
  multiplyRows(a: number, b: number, bytes: number): number
  /** to += sum over r of factors[r] · row r; `count` is a multiple of 4. */
  addWeightedRows(to: number, rows: number, factors: number, count: number, bytes: number): void
  advanceReadout(block: number, bytes: number, trace: number): void
  backwardReadout(block: number, bytes: number, explicit: number, collects: boolean): void
  /** Return how many units spike. */
  advanceNeurons(block: number, bytes: number, tape: number): number
  advanceAdaptiveNeurons(block: number, bytes: number, tape: number): number
  backwardNeurons(block: number, bytes: number, tape: number, slope: number, collects: boolean): void
  backwardAdaptiveNeurons(block: number, bytes: number, tape: number, slope: number): void
  keepAdjoints(block: number, bytes: number, currents: number, delays: number, stride: number): void
  deliverList(
    ...args: [
      ...to: [inflow: number, lanes: number, last: number],
      ...list: [shifts: number, targets: number, weights: number],
      ...passage: Passage,
    ]
  ): void
  collectList(...args: [...Taped, shifts: number, rows: number, gradients: number, ...passage: Passage]): void
  collectBoth(
    ...args: [
      ...tapes: [tape: number, other: number, last: number],
      ...list: [shifts: number, rows: number, gradients: number, others: number],
      ...passage: Passage,
    ]
  ): void
  sumList(...args: [...Taped, shifts: number, rows: number, weights: number, ...passage: Passage]): number
  askList(
    ...args: [
      ...of: [answers: number, units: number, starts: number],
      ...Taped,
      ...list: [steps: number, rows: number, weights: number, k: number],
    ]
  ): void
  takeAnswers(to: number, answers: number, units: number): void
  askNear(
    ...args: [
      ...of: [to: number, units: number, starts: number, list: number],
      ...Taped,
      ...synapses: [steps: number, rows: number, weights: number, k: number],
    ]
  ): void
}

/** Steps in which spikes are asked for at once, as `assembly/lists.ts` has it. */
export const ASKED_AT_ONCE = 8

const compiledLoops = compiledOnce([LOOPS])

/** The loops, on a memory. */
export function gridLoops(memory: WebAssemblyMemory): GridLoops {
  const { exports } = new webAssembly.Instance(compiledLoops(), { env: { memory } })
  return exports as GridLoops
}
