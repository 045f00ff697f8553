import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { LANE_COUNT } from '../../wasm/schema/records.js'

/** Rows of one projection in every lane group: one after the other, each of the synapses of a source unit. */
export interface ProjectionRows {
  /** Address of the rows of all projections, [laneGroup][row][lane]. */
  readonly address: number
  /** Rows of all projections in a lane group, and the first one of this projection. */
  readonly all: number
  readonly first: number
  /** The unit of each row of this projection, ascending. */
  readonly units: Uint32Array
}

/** Who has rows: neurons held, and source units of the projection. */
export interface RowShape {
  readonly size: number
  readonly sourceSize: number
}

/** Copies from rows to the order of synapses, [neuron][unit]; those of units without a row become 0. */
export function unpackRows({ f64 }: KernelMemory, rows: ProjectionRows, shape: RowShape, into: Float64Array): void {
  const { units } = rows
  if (units.length < shape.sourceSize) into.fill(0)
  eachNeuron(rows, shape, (from, first) => {
    for (let k = 0; k < units.length; k++) into[first + (units[k] as number)] = f64[from + LANE_COUNT * k] as number
  })
}

/** Copies from the order of synapses to rows. */
export function packRows({ f64 }: KernelMemory, rows: ProjectionRows, shape: RowShape, values: Float64Array): void {
  const { units } = rows
  eachNeuron(rows, shape, (to, first) => {
    for (let k = 0; k < units.length; k++) f64[to + LANE_COUNT * k] = values[first + (units[k] as number)] as number
  })
}

/** Puts what `change` makes of each number in its place, where neuron n has `into[n]` = 1. */
export function changeRows(
  { f64 }: KernelMemory,
  rows: ProjectionRows,
  shape: RowShape,
  into: Uint8Array,
  change: (value: number) => number,
): void {
  eachNeuron(rows, shape, (at, _, n) => {
    if (into[n] !== 1) return
    const end = at + LANE_COUNT * rows.units.length
    for (let k = at; k < end; k += LANE_COUNT) f64[k] = change(f64[k] as number)
  })
}

/** Per neuron the sum of the squares of its numbers, row by row; eight neurons side by side, as each waits for itself. */
export function squaresInRows(memory: KernelMemory, rows: ProjectionRows, shape: RowShape): Float64Array {
  const sums = new Float64Array(LANE_COUNT * Math.ceil(shape.size / LANE_COUNT))
  viewsOfRows(memory, rows, shape).forEach((view, laneGroup) => {
    sums.set(squaresInLanes(view), LANE_COUNT * laneGroup)
  })
  return sums.subarray(0, shape.size)
}

/** @param rows of one lane group: [row][lane] */
function squaresInLanes(rows: Float64Array): readonly number[] {
  const square = (index: number) => (rows[index] as number) * (rows[index] as number)
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let row = 0; row < rows.length; row += LANE_COUNT) {
    a += square(row)
    b += square(row + 1)
    c += square(row + 2)
    d += square(row + 3)
    e += square(row + 4)
    f += square(row + 5)
    g += square(row + 6)
    h += square(row + 7)
  }
  return [a, b, c, d, e, f, g, h]
}

/** Hands over the place of each neuron in the first row, and that of its first synapse in their order, and its number. */
function eachNeuron(
  { address, all, first }: ProjectionRows,
  { size, sourceSize }: RowShape,
  work: (inRow: number, synapse: number, neuron: number) => void,
): void {
  for (let n = 0; n < size; n++) {
    const row = Math.floor(n / LANE_COUNT) * all + first
    work(address / 8 + LANE_COUNT * row + (n % LANE_COUNT), n * sourceSize, n)
  }
}

/** The rows as they lie, idle lanes included, lane group by lane group: views of the memory. */
export function viewsOfRows(
  { f64 }: KernelMemory,
  { address, all, first, units }: ProjectionRows,
  { size }: RowShape,
): readonly Float64Array[] {
  return Array.from({ length: Math.ceil(size / LANE_COUNT) }, (_, laneGroup) => {
    const from = address / 8 + LANE_COUNT * (laneGroup * all + first)
    return f64.subarray(from, from + LANE_COUNT * units.length)
  })
}
