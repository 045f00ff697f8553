import { createCellQueue } from './cell-queue.js'

/** Arrivals of spikes at rows of synapses, whose cell has not come yet. */
export interface ArrivalCell {
  count: number
  /** When the spikes came, and what they count as in the cell: arrivals where synapses share a delay, else the spikes. */
  sent: Float64Array
  times: Float64Array
  /** Numbers of projection and source unit. */
  projections: Uint32Array
  units: Uint32Array
  /** Address of the first record that arrives, 0 for the first of the row. */
  firsts: Uint32Array
  /** Numbers of the spikes among those received. */
  slots: Uint32Array
}

/** A spike that arrives at a row, or at a part of one. */
export interface RowArrival {
  readonly sent: number
  readonly time: number
  readonly projection: number
  readonly unit: number
  readonly number?: number
  /** Address of the first record that arrives, 0 for the first of the row. */
  readonly first?: number
  /** Number of the spike among those received. */
  readonly slot?: number
}

/** The arrivals of one trial, cell by cell, as they come; see `createArrivalOrder`. */
export function createArrivalCells(perCell: number) {
  const cells = new Map<number, ArrivalCell>()
  const queue = createCellQueue()
  const spare: ArrivalCell[] = []
  return {
    /**
     * @param sent time of the spike
     * @param time of the arrival, or of the spike: then the cell is told
     */
    add({ sent, time, projection, unit, number = Math.floor(time * perCell), first = 0, slot = 0 }: RowArrival): void {
      const cell = cells.get(number) ?? spare.pop() ?? emptyCell()
      if (cell.count === 0) {
        cells.set(number, cell)
        queue.push(number)
      }
      if (cell.count === cell.times.length) widen(cell)
      const { count } = cell
      cell.sent[count] = sent
      cell.times[count] = time
      cell.projections[count] = projection
      cell.units[count] = unit
      cell.firsts[count] = first
      cell.slots[count] = slot
      cell.count = count + 1
    },
    /** What arrives in a cell; it may be overwritten once `release` gives it back. */
    at: (number: number): ArrivalCell | undefined => cells.get(number),
    /** The first cell in which something arrives; Infinity if nothing does. */
    first: () => queue.first(),
    release(number: number): void {
      const cell = cells.get(number)
      if (cell === undefined) return
      cells.delete(number)
      queue.dropUpTo(number)
      cell.count = 0
      spare.push(cell)
    },
    clear(): void {
      cells.clear()
      queue.clear()
    },
  }
}

function emptyCell(): ArrivalCell {
  const numbers = () => new Uint32Array(64)
  return {
    ...{ count: 0, sent: new Float64Array(64), times: new Float64Array(64) },
    ...{ projections: numbers(), units: numbers(), firsts: numbers(), slots: numbers() },
  }
}

function widen(cell: ArrivalCell): void {
  const room = 2 * cell.times.length
  const wider = (old: Uint32Array) => {
    const grown = new Uint32Array(room)
    grown.set(old)
    return grown
  }
  const [sent, times] = [new Float64Array(room), new Float64Array(room)]
  sent.set(cell.sent)
  times.set(cell.times)
  cell.sent = sent
  cell.times = times
  cell.projections = wider(cell.projections)
  cell.units = wider(cell.units)
  cell.firsts = wider(cell.firsts)
  cell.slots = wider(cell.slots)
}
