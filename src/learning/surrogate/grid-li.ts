import type { LiValues } from '../../network/instance/instance.js'
import { GridGroup, type GridSurroundings } from './grid-group.js'

/** Leaky integrators on the grid; the tape holds their voltage at every point, for the loss to look at. */
export class GridLi extends GridGroup<LiValues> {
  readonly kind = 'li'

  constructor(values: LiValues, surroundings: GridSurroundings) {
    super(values, surroundings)
  }

  advance(k: number): void {
    const { block, bytes, lanes, tape } = this
    const { memory, traffic } = this.surroundings
    memory.loops.advanceReadout(block.byteOffset, bytes, tape.byteOffset + k * bytes)
    traffic.update('state', 2 * lanes)
    traffic.write('tape', lanes)
  }

  /** The largest voltage of each unit in this trial, all of which is looked at; it starts at 0. */
  peaks(): readonly { readonly step: number; readonly value: number }[] {
    this.surroundings.traffic.read('tape', this.tape.length)
    return Array.from({ length: this.size }, (_, unit) => this.peakOf(unit, 0))
  }

  backward(k: number): void {
    const { block, bytes, lanes, explicit } = this
    const { memory, traffic } = this.surroundings
    const collects = this.run.thresholds
    memory.loops.backwardReadout(block.byteOffset, bytes, explicit.byteOffset + k * bytes, collects)
    traffic.read('state', 3 * lanes)
    traffic.write('state', 2 * lanes)
    if (!collects) return
    traffic.update('gradients', lanes)
  }
}
