/** Arrivals of spikes at rows of synapses, whose cell has not come yet. */
export interface ArrivalCell {
  count: number
  times: Float64Array
  /** Numbers of projection and source unit. */
  projections: Uint32Array
  units: Uint32Array
}

/** The arrivals of one trial, cell by cell. They need no order: a cell is the same whatever came first. */
export function createArrivalCells(perCell: number) {
  const cells = new Map<number, ArrivalCell>()
  const spare: ArrivalCell[] = []
  return {
    add(time: number, projection: number, unit: number): void {
      const number = Math.floor(time * perCell)
      const cell = cells.get(number) ?? spare.pop() ?? emptyCell()
      if (cell.count === 0) cells.set(number, cell)
      if (cell.count === cell.times.length) widen(cell)
      const { count } = cell
      cell.times[count] = time
      cell.projections[count] = projection
      cell.units[count] = unit
      cell.count = count + 1
    },
    /** Takes what arrives in a cell; it may be overwritten once `release` gives it back. */
    take(number: number): ArrivalCell | undefined {
      const cell = cells.get(number)
      cells.delete(number)
      return cell
    },
    release(cell: ArrivalCell): void {
      cell.count = 0
      spare.push(cell)
    },
    clear(): void {
      cells.clear()
    },
    /** Numbers of the cells in which something arrives, in no order. */
    numbers: () => cells.keys(),
  }
}

function emptyCell(): ArrivalCell {
  return { count: 0, times: new Float64Array(64), projections: new Uint32Array(64), units: new Uint32Array(64) }
}

function widen(cell: ArrivalCell): void {
  const { times, projections, units } = cell
  const room = 2 * times.length
  cell.times = new Float64Array(room)
  cell.projections = new Uint32Array(room)
  cell.units = new Uint32Array(room)
  cell.times.set(times)
  cell.projections.set(projections)
  cell.units.set(units)
}
