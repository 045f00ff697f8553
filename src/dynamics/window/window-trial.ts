import type { KernelMemory } from '../wasm/kernel-memory.js'
import { createArrivalCells } from './arrival-cells.js'
import type { DrivePlaces } from './drive-places.js'
import type { TrialWithTops } from './trial-tops.js'
import type { WindowPlanFields } from './window-plan.js'

/** Where the state of the neurons in one trial lies, and what is on its way to them. */
export interface WindowTrial extends TrialWithTops {
  /** Fields of the plan. */
  readonly regions: WindowPlanFields
  readonly arrivals: ReturnType<typeof createArrivalCells>
  readonly drives: readonly DrivePlaces[]
  heldCount: number
  /** The last cell with which what begins to arrive from drives was drawn; -1: none. */
  drawnFor: number
}

export interface TrialRoom {
  /** Neurons held. */
  readonly size: number
  /** Cells of the ring of sums, and how many there are in a ms. */
  readonly cells: number
  readonly perCell: number
  /** Bytes of a neuron's state, and of its sums. */
  readonly state: number
}

/** Takes the memory of one trial, one region behind the other, the sums last; the places of neurons are an even number. */
export function layOutTrial(
  memory: KernelMemory,
  { size, cells, perCell, state }: TrialRoom,
  drives: readonly DrivePlaces[],
): WindowTrial {
  const places = size + (size % 2)
  const regions = {
    states: memory.take(state * places),
    limits: memory.take(8 * places),
    heldUntil: memory.take(8 * places),
    adaptations: memory.take(8 * places),
    adapted: memory.take(8 * places),
    heldNeurons: memory.take(4 * places),
    firedCounts: memory.take(4 * places),
    sums: memory.take(state * places * cells),
  }
  return {
    regions,
    arrivals: createArrivalCells(perCell),
    drives,
    heldCount: 0,
    tops: null,
    topsAt: null,
    drawnFor: -1,
  }
}
