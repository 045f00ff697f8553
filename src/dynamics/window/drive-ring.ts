import type { LifValues } from '../../network/instance/instance.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { DRIVE } from '../wasm/schema/window-records.js'
import {
  type Drive,
  type DriveLayout,
  type DrivePlaces,
  frameCellsOf,
  layOutDrive,
  placeDrive,
  writeDrive,
  writeFrame,
} from './drive-places.js'
import type { WindowPlanFields } from './window-plan.js'
import type { WindowTrial } from './window-trial.js'

/** What draws the frame of a drive, written where the kernel looks, into the sums of the ring from a place on. */
type Draw = (drive: number, place: number) => void

export interface DriveRingOptions {
  readonly drives: readonly Drive[]
  /** Per drive, those of the neurons held. */
  readonly weights: readonly Float64Array[]
  readonly grid: WindowPlanFields
}

/** The drives of a kernel: frames are drawn for some cells ahead, whose sums are kept in a ring. */
export class DriveRing {
  /** Cells of the ring, a power of two. */
  readonly cells: number
  /** Where the drives of the trial under way are described. */
  readonly address: number
  /** Bytes of events that may come from drives, in words of one neuron. */
  readonly room: number
  readonly grid: WindowPlanFields
  private readonly memory: KernelMemory
  private readonly layouts: readonly DriveLayout[]
  private readonly draw: Draw

  constructor(memory: KernelMemory, { drives, weights, grid }: DriveRingOptions, draw: Draw) {
    const { cell } = grid as Required<WindowPlanFields>
    this.memory = memory
    this.grid = grid
    this.draw = draw
    this.address = memory.takeZeros(DRIVE.size * Math.max(1, drives.length))
    this.layouts = drives.map((drive, d) => layOutDrive(memory, drive, grid, weights[d] as Float64Array))
    this.cells = Math.max(1, ...drives.map((drive) => frameCellsOf(drive, cell)))
    this.room = this.layouts.reduce((sum, { shared }) => sum + shared.room, 0)
  }

  /** How many there are. */
  get count(): number {
    return this.layouts.length
  }

  /** Takes the memory for a trial. */
  place(values: LifValues, trial: number): readonly DrivePlaces[] {
    return this.layouts.map((layout) => placeDrive(this.memory, layout, values, trial))
  }

  /** Writes what the kernel has to know while a trial is under way. */
  enter({ drives }: WindowTrial): void {
    this.layouts.forEach((layout, d) => {
      writeDrive(this.memory, this.address + DRIVE.size * d, layout, drives[d] as DrivePlaces, this.grid)
    })
  }

  /** @param weights per drive, those of the neurons held */
  follow(weights: readonly Float64Array[]): void {
    this.layouts.forEach(({ shared }, d) => {
      this.memory.f64.set(weights[d] as Float64Array, shared.weights / 8)
    })
  }

  /** Draws the frames that begin to arrive with a cell, once however often the trial goes through it. */
  fill(trial: WindowTrial, cell: number): void {
    if (trial.drawnFor === cell) return
    trial.drawnFor = cell
    this.layouts.forEach((layout, d) => {
      const first = firstCellOf(layout, cell)
      if (first === cell) this.drawFrame(layout, d, first)
    })
  }

  /**
   * Draws the frames that are under way where a cell begins, into sums of zero.
   *
   * @param forgetCell sets the sums of a cell to zero
   */
  refill(trial: WindowTrial, cell: number, forgetCell: (place: number) => void): void {
    trial.drawnFor = -1
    const underWay = [...this.layouts.entries()]
      .map(([d, layout]) => ({ d, layout, first: firstCellOf(layout, cell) }))
      .filter(({ first }) => first >= 0 && first < cell)
    // A place serves a cell that is over and one to come: the earlier frame may forget what it has not yet drawn there.
    for (const { d, layout, first } of underWay.sort((a, b) => a.first - b.first)) {
      this.drawFrame(layout, d, first)
      for (let over = first; over < cell; over++) forgetCell(over % this.cells)
    }
  }

  /** The first cell from one on into which something may be drawn; Infinity if nothing is. */
  nextBusy(cell: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const layout of this.layouts) {
      const { first, end } = busyCells(layout)
      if (cell < end) next = Math.min(next, Math.max(cell, first))
    }
    return next
  }

  /** The last cell up to one into which something may be drawn; below 0 if nothing is. */
  lastBusy(cell: number): number {
    let last = -1
    for (const layout of this.layouts) {
      const { first, end } = busyCells(layout)
      if (cell >= first) last = Math.max(last, Math.min(cell, end - 1))
    }
    return last
  }

  /**
   * Draws the frames that are under way in a cell of the trial that was entered, and adds them to nothing.
   *
   * @param known per drive, the first cell of the frame that was drawn last
   */
  review(cell: number, { drives }: WindowTrial, known: number[], redraw: (drive: number) => void): void {
    this.layouts.forEach((layout, d) => {
      const first = firstCellOf(layout, cell)
      if (known[d] === first) return
      known[d] = first
      const { frameCells, delayCells } = layout.shared
      const { drawn, units } = drives[d] as DrivePlaces
      if (first < 0) this.memory.i32.fill(0, drawn / 4, drawn / 4 + units)
      else {
        writeFrame(this.memory, this.address + DRIVE.size * d, layout, (first - delayCells) / frameCells)
        redraw(d)
      }
    })
  }

  private drawFrame(layout: DriveLayout, d: number, first: number): void {
    const { frameCells, delayCells } = layout.shared
    writeFrame(this.memory, this.address + DRIVE.size * d, layout, (first - delayCells) / frameCells)
    this.draw(d, first % this.cells)
  }
}

/** The cells in which the spikes of a drive arrive, frame by frame. */
function busyCells({ drive, length, shared: { frameCells, delayCells } }: DriveLayout) {
  return {
    first: delayCells + Math.floor(drive.start / length) * frameCells,
    end: delayCells + Math.ceil(drive.stop / length) * frameCells,
  }
}

/** The first cell of the frame that arrives in a cell; negative if none does. */
function firstCellOf({ shared: { frameCells, delayCells } }: DriveLayout, cell: number): number {
  const frame = Math.floor((cell - delayCells) / frameCells)
  return frame < 0 ? -1 : delayCells + frame * frameCells
}
