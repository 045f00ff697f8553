import { delayOfSynapse, delayPlace } from '../../network/graph/delay-of-synapse.js'
import { MINIMAL_CYCLE_DELAY } from '../../network/graph/lookahead.js'
import type { ProjectionValues } from '../../network/instance/instance.js'
import { indicesByKey } from '../../numerics/indices-by-key.js'
import type { GridGroup, GridSurroundings } from './grid-group.js'
import type { ProjectionNumbers } from './grid-projection.js'
import { ASKED_AT_ONCE, type GridLoops } from './loops/grid-loops.js'
import { gridBytes, lanesFor } from './loops/grid-memory.js'

/** Beyond the end of every trial, and small enough for products within 32 bits. */
const MOST_STEPS = 2 ** 21

/** Bytes of memory that the list of a projection takes. */
export function listBytes({ weights, sourceSize }: ProjectionValues): number {
  const ofUnits = 2 * gridBytes(sourceSize + 1) + gridBytes(lanesFor(sourceSize) * ASKED_AT_ONCE)
  return gridBytes(2 * weights.length) + 8 * gridBytes(weights.length) + ofUnits
}

/**
 * Synapses by source unit, each with a delay in steps, as the loops need them; the lists of exact kernels have times. What is
 * kept for each step, the adjoint of the target's current or what arriving later would do, is a tape.
 */
export class SynapseList {
  /** Index of each synapse in the description. */
  private readonly places: Int32Array
  private readonly weights: Float32Array
  private readonly weightGradients: Float32Array
  /** The sum of what arriving later would do; the weight is a factor of all of it. */
  private readonly delaySums: Float32Array
  /** Delays of so few steps that what arrives is not known at the beginning of a block of steps. */
  nearCount = 0
  /** Source unit u has the entries starts[u] … starts[u + 1] - 1. */
  private readonly starts: Int32Array
  private readonly targets: Int32Array
  /** Where the row of the target begins on a tape. */
  private readonly rows: Int32Array
  /** delay / dt + 1/2: the whole part of position + shift is the step of arrival. */
  private readonly shifts: Float64Array
  /** The whole part of that. */
  private readonly steps: Int32Array
  /** The same weights, but 0 where the delay is near. */
  private readonly farWeights: Float32Array
  private readonly nearStarts: Int32Array
  private readonly near: Int32Array
  private readonly answers: Float32Array
  private readonly soonest: number
  private readonly values: ProjectionValues
  private readonly target: GridGroup
  private readonly dt: number
  /** Behind all steps: what arrives there moves nothing. */
  private readonly last: number
  private readonly loops: GridLoops

  constructor(values: ProjectionValues, target: GridGroup, surroundings: GridSurroundings) {
    const { memory, grid } = surroundings
    const { sourceSize } = values
    this.values = values
    this.target = target
    target.expectDelays()
    this.dt = grid.dt
    this.last = grid.steps
    this.loops = memory.loops
    this.soonest = MINIMAL_CYCLE_DELAY / grid.dt + 0.5
    const { sources, absent } = values
    const { starts, indices } = indicesByKey(sources, sourceSize, { isKept: (s) => absent?.[s] !== 1 })
    const places = Int32Array.from(indices)
    const count = places.length
    this.places = places
    this.starts = memory.integers(sourceSize + 1)
    this.starts.set(starts)
    this.nearStarts = memory.integers(sourceSize + 1)
    this.answers = memory.floats(lanesFor(sourceSize) * ASKED_AT_ONCE)
    this.shifts = memory.doubles(count)
    this.targets = memory.integers(count)
    this.rows = memory.integers(count)
    this.steps = memory.integers(count)
    this.near = memory.integers(count)
    this.weights = memory.floats(count)
    this.farWeights = memory.floats(count)
    this.weightGradients = memory.floats(count)
    this.delaySums = memory.floats(count)
    places.forEach((place, s) => {
      this.targets[s] = values.targets[place] as number
      this.rows[s] = (values.targets[place] as number) * target.stride
    })
  }

  /** The numbers of a mini-batch; gradients are zero. */
  begin({ weights, delays }: ProjectionNumbers): void {
    const { places, values, starts, dt } = this
    this.nearCount = 0
    for (let unit = 0; unit < values.sourceSize; unit++) {
      for (let s = starts[unit] as number; s < (starts[unit + 1] as number); s++) {
        const place = places[s] as number
        const weight = weights[place] as number
        const shift = Math.min(MOST_STEPS, delayOfSynapse(delays, values.delayShape, 0, unit, place) / dt) + 0.5
        const steps = Math.floor(shift)
        const isNear = steps < ASKED_AT_ONCE
        this.weights[s] = weight
        this.shifts[s] = shift
        this.steps[s] = steps
        this.farWeights[s] = isNear ? 0 : weight
        if (isNear) this.near[this.nearCount++] = s
      }
      this.nearStarts[unit + 1] = this.nearCount
    }
    this.weightGradients.fill(0)
    this.delaySums.fill(0)
  }

  /** All synapses. */
  get count(): number {
    return this.places.length
  }

  /** Synapses of a source unit. */
  countOf(unit: number): number {
    return (this.starts[unit + 1] as number) - (this.starts[unit] as number)
  }

  /** A spike of a unit leaves at a position on the axis of steps, its arrivals `late` steps later than that. */
  deliver(unit: number, position: number, late: number): void {
    const { shifts, targets, weights, starts, soonest, last } = this
    const { inflow, lanes } = this.target
    const [first, end] = [starts[unit] as number, starts[unit + 1] as number]
    const [by, to, of] = [shifts.byteOffset, targets.byteOffset, weights.byteOffset]
    this.loops.deliverList(inflow.byteOffset, lanes, last, by, to, of, first, end, position, late, soonest)
  }

  /** The same backward: dL/dw, and with `delays` dL/dd, of everything that the spike brought. */
  collect(unit: number, position: number, late: number, delays: boolean): void {
    const { shifts, rows, starts, soonest, last, loops } = this
    const { currents, delayed } = this.target
    const [first, end] = [starts[unit] as number, starts[unit + 1] as number]
    const [by, of, into] = [shifts.byteOffset, rows.byteOffset, this.weightGradients.byteOffset]
    const tape = currents.byteOffset
    if (!delays) {
      loops.collectList(tape, last, by, of, into, first, end, position, late, soonest)
      return
    }
    const [other, others] = [delayed.byteOffset, this.delaySums.byteOffset]
    loops.collectBoth(tape, other, last, by, of, into, others, first, end, position, late, soonest)
  }

  /** The sum over what a spike brings, or would bring, of weight · what is on a tape of the target. */
  sum(tape: Float32Array, unit: number, position: number, late: number): number {
    const { shifts, rows, weights, starts, soonest, last } = this
    const [first, end] = [starts[unit] as number, starts[unit + 1] as number]
    const [by, of, times] = [shifts.byteOffset, rows.byteOffset, weights.byteOffset]
    return this.loops.sumList(tape.byteOffset, last, by, of, times, first, end, position, late, soonest)
  }

  /**
   * Asks what spikes in the block of steps from `k` on would bring, as far as it comes after the block.
   *
   * @param isNothing there is nothing on the tape yet
   */
  ask(k: number, isNothing: boolean): void {
    if (isNothing) {
      this.answers.fill(0)
      return
    }
    const { answers, starts, steps, rows, farWeights, last } = this
    const { sourceSize } = this.values
    const [into, from, tape] = [answers.byteOffset, starts.byteOffset, this.target.currents.byteOffset]
    const [by, of, times] = [steps.byteOffset, rows.byteOffset, farWeights.byteOffset]
    this.loops.askList(into, sourceSize, from, tape, last, by, of, times, k)
  }

  /** Adds the answers for step k to dL/ds, and what would come within the block. */
  answer(k: number, to: Float32Array): void {
    const { answers, nearStarts, near, steps, rows, weights, last, loops } = this
    const { sourceSize } = this.values
    const into = to.byteOffset
    loops.takeAnswers(into, answers.byteOffset + 4 * (k % ASKED_AT_ONCE), sourceSize)
    if (this.nearCount === 0) return
    const [from, list, tape] = [nearStarts.byteOffset, near.byteOffset, this.target.currents.byteOffset]
    const [by, of, times] = [steps.byteOffset, rows.byteOffset, weights.byteOffset]
    loops.askNear(into, sourceSize, from, list, tape, last, by, of, times, k)
  }

  /** Sums over the trials of the mini-batch, in the places of the description. */
  gradients(): ProjectionNumbers {
    const { values, places } = this
    const weights = new Float64Array(values.weights.length)
    const delays = new Float64Array(values.delays.length)
    for (let s = 0; s < places.length; s++) {
      const place = places[s] as number
      weights[place] = this.weightGradients[s] as number
      const at = delayPlace(values.delayShape, values.sources[place] as number, place)
      if (at >= 0) delays[at] = (delays[at] as number) + (this.weights[s] as number) * (this.delaySums[s] as number)
    }
    return { weights, delays }
  }
}
