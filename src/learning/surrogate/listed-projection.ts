import type { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { GridSynapses, type ProjectionEnds } from './grid-synapses.js'
import { ASKED_AT_ONCE } from './loops/grid-loops.js'
import type { GridWay } from './noise/grid-way.js'
import { SynapseList } from './synapse-list.js'

/**
 * Synapses in a list, by source unit, each with a delay: an arrival belongs to the step nearest to spike time + delay.
 *
 * Backward, an arrival at step m gives dL/dw += gI(m) and, as the derivative by the time at which it arrives,
 *
 *     dL/dd += w (gI(m) / tauSyn - gV(m) / tauMem)
 *
 * where gI, gV are the adjoints behind it: the derivative of the propagator at the rounded time. Source: as for the
 * exact gradient, see `Adjoint`; delays rounded to the grid as by Mészáros, Knight & Nowotny 2025 (Nat. Commun.).
 *
 * Where no spike was, dL/ds is asked for in blocks of eight steps: what would arrive behind the block is known before it.
 */
export class ListedProjection extends GridSynapses implements GridProjection {
  private readonly list: SynapseList
  private way: GridWay | null = null

  constructor(ends: ProjectionEnds) {
    super(ends)
    this.list = new SynapseList(ends.values, ends.target, ends.surroundings)
  }

  begin(numbers: ProjectionNumbers, wishes: ProjectionWishes, way: GridWay | null): void {
    this.list.begin(numbers)
    this.wishes = wishes
    this.way = way
  }

  deliver(k: number): void {
    const { list, way } = this
    way?.leave(k)
    const events = this.arrivalsOf(k, (unit, position, late) => list.deliver(unit, position, late))
    const { traffic } = this.surroundings
    // Weight, delay and target of each.
    traffic.read('weights', 3 * events)
    traffic.update('state', events)
  }

  /** Goes through the spikes of step k that are not lost; returns how many arrivals they have. */
  private arrivalsOf(k: number, visit: (unit: number, position: number, late: number) => void): number {
    const { list, way, raster } = this
    const { units, offsets } = raster
    const { positions } = way ?? raster
    const to = offsets[k + 1] as number
    let events = 0
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const unit = units[spike] as number
      const position = positions[spike] as number
      if (Number.isNaN(position)) continue
      visit(unit, position, way?.lates[spike] ?? 0)
      events += list.countOf(unit)
    }
    this.surroundings.traffic.read('spikes', to - (offsets[k] as number))
    return events
  }

  beginBackward(): void {
    if (this.source !== null) this.way?.beginBackward()
  }

  backward(k: number): void {
    const { weights, delays, inputTimes } = this.wishes
    if (weights || delays) this.learn(k)
    if (inputTimes) this.timeSpikes(k)
    if (this.source === null) return
    if (this.way === null) this.askForSpikes(this.source, k)
    else this.askOnWay(this.source, this.way, k)
  }

  /** The derivatives by what the spikes of step k brought. */
  private learn(k: number): void {
    const { list } = this
    const { delays } = this.wishes
    const events = this.arrivalsOf(k, (unit, position, late) => list.collect(unit, position, late, delays))
    const { traffic } = this.surroundings
    const arrays = delays ? 2 : 1
    // Delay and target of each.
    traffic.read('weights', 2 * events)
    traffic.read('tape', arrays * events)
    traffic.update('gradients', arrays * events)
  }

  private timeSpikes(k: number): void {
    const { list, way, raster, target } = this
    const { positions } = way ?? raster
    const { traffic } = this.surroundings
    this.noteTimes(k, (spike, unit) => {
      const position = positions[spike] as number
      traffic.read('weights', 3 * list.countOf(unit))
      traffic.read('tape', list.countOf(unit))
      if (Number.isNaN(position) || way?.isHeld(spike) === true) return 0
      return list.sum(target.delayed, unit, position, way?.lates[spike] ?? 0)
    })
  }

  /** dL/ds = sum over synapses of w gI(m), m the step at which a spike of step k would arrive. */
  private askForSpikes({ adjointSpike }: GridLif, k: number): void {
    const { list, target } = this
    const { traffic, grid } = this.surroundings
    if (k % ASKED_AT_ONCE === ASKED_AT_ONCE - 1 || k === grid.steps - 1) {
      list.ask(k - (k % ASKED_AT_ONCE), target.isUnmoved)
      traffic.read('weights', 3 * list.count)
      traffic.read('tape', ASKED_AT_ONCE * list.count)
    }
    if (k === 0 || target.isUnmoved) return
    list.answer(k, adjointSpike)
    traffic.read('weights', 4 * list.nearCount)
    traffic.read('tape', list.nearCount)
    traffic.read('state', 2 * adjointSpike.length)
    traffic.write('state', adjointSpike.length)
  }

  /** The same where spikes meet with noise: each would arrive as the next spike of its unit did. */
  private askOnWay({ adjointSpike }: GridLif, way: GridWay, k: number): void {
    const { list, target } = this
    const { traffic } = this.surroundings
    way.ask(k)
    if (k === 0 || target.isUnmoved) return
    for (let unit = 0; unit < this.values.sourceSize; unit++) {
      const position = way.askedPositions[unit] as number
      if (Number.isNaN(position)) continue
      const sum = list.sum(target.currents, unit, position, way.askedLates[unit] as number)
      adjointSpike[unit] = (adjointSpike[unit] as number) + sum
    }
    traffic.read('weights', 3 * list.count)
    traffic.read('tape', list.count)
    traffic.update('state', adjointSpike.length)
  }

  gradients(): ProjectionNumbers {
    return this.list.gradients()
  }
}
