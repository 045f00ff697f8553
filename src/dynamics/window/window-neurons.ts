import type { SpikeTrains } from '../../events/spike-trains.js'
import type { LifValues } from '../../network/instance.js'
import type { ArrivalCounter } from '../arrival-count.js'
import { RUNAWAY, runawayNeuron } from '../neuron-faults.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../wasm/instantiate.js'
import { KernelMemory } from '../wasm/kernel-memory.js'
import { commonTaus, constantFields } from '../wasm/octet-layout.js'
import { PLAN_END, writePlan } from '../wasm/plan.js'
import { searchCrossingOf } from '../wasm/search-crossing.js'
import type { ArrivalCell } from './arrival-cells.js'
import { gridFields, weightScale } from './cell-grid.js'
import {
  DRIVE_BYTES,
  type Drive,
  type DriveLayout,
  type DrivePlaces,
  frameCellsOf,
  layOutDrive,
  placeDrive,
  writeDrive,
  writeFrame,
} from './drive-places.js'
import { roundKeys } from './round-keys.js'
import { createRowCounter } from './row-counter.js'
import { leastDelayOf, type SourceRows } from './source-rows.js'
import { createSpikeStore } from './spike-store.js'
import { createWindowPlan, WINDOW_PLAN_BYTES, type WindowPlan, type WindowPlanFields } from './window-plan.js'
import { layOutTrial, type WindowTrial } from './window-trial.js'

/** Bytes, as assembly/window/{arrivals,walkers,events}.ts lay them out. */
const ARRIVAL_BYTES = 48
const PROJECTION_BYTES = 64
const ENTRY_BYTES = 32
const EVENT_BYTES = 32
const SPIKE_BYTES = 16
const EMITTED_ROOM = 4096

/** A projection whose synapses lie in the memory; null: every synapse has a weight of its own. */
export interface WindowProjection {
  readonly rows: SourceRows
  readonly weight: number | null
}

/** Of the sign of a weight in assembly/window/arrivals.ts: every synapse has its own. */
const OWN_WEIGHTS = 2

export interface WindowNeuronsOptions {
  readonly values: LifValues
  /** Length of a cell in ms, see `cellLength`. */
  readonly cell: number
  readonly largestWeight: number
  readonly drives: readonly Drive[]
  readonly seed: number
}

export interface WindowRun {
  readonly trials: number
  readonly until: number
  readonly stopAfterFirst: boolean
  readonly beat: () => void
}

/**
 * The neurons of a window kernel and what arrives at them: their memory, and its way through time cell by cell.
 *
 * See assembly/window/cell.ts for what is done in a cell.
 */
export class WindowNeurons {
  readonly memory = new KernelMemory(PLAN_END, 'plain')
  /** Number of the cell that comes next. */
  private next = 0
  private readonly options: WindowNeuronsOptions
  private readonly code: KernelExports
  private readonly plan: WindowPlan
  private readonly grid: WindowPlanFields
  private readonly spikes = createSpikeStore()
  private readonly thresholds: Float64Array
  private trials: WindowTrial[] = []
  private projections: readonly WindowProjection[] = []
  private run: WindowRun = { trials: 0, until: 0, stopAfterFirst: false, beat: () => undefined }
  private arrivalRoom = 0
  private logRoom = 0
  /** Where the drives of the trial under way are described. */
  private readonly drivesAt: number
  private readonly drives: readonly DriveLayout[]
  /** Cells whose sums are kept: drives are drawn for some of them ahead. */
  private readonly ringCells: number

  constructor(options: WindowNeuronsOptions) {
    const { memory } = this
    const { values, cell, largestWeight, drives, seed } = options
    const taus = commonTaus(values)
    this.options = options
    this.grid = gridFields(taus, cell, largestWeight)
    writePlan(memory, constantFields(taus))
    const drain = () => this.drain()
    this.code = instantiateKernel(compileKernel('plain'), memory.memory, searchCrossingOf(taus), drain)
    const address = memory.takeZeros(WINDOW_PLAN_BYTES)
    this.plan = createWindowPlan(memory, address)
    this.code.attachWindow(address)
    const places = values.size + (values.size % 2)
    this.thresholds = values.threshold.map((threshold, n) => threshold - (values.bias[n] as number))
    this.drivesAt = memory.takeZeros(DRIVE_BYTES * Math.max(1, drives.length))
    this.drives = drives.map((drive) => layOutDrive(memory, drive, this.grid))
    this.ringCells = Math.max(1, ...drives.map((drive) => frameCellsOf(drive, cell)))
    this.plan.write({
      ...this.grid,
      ...{ neurons: values.size, firstNeuron: values.start, ringCells: this.ringCells, mostSpikes: RUNAWAY },
      roundKeys: memory.copy(roundKeys(seed)),
      thresholds: memory.copy(this.thresholds),
      resets: memory.copy(values.vReset.map((reset, n) => reset - (values.bias[n] as number))),
      refractories: memory.copy(values.refractory),
      walkFlags: memory.takeZeros(places),
      walkers: memory.takeZeros(4 * places),
      logHeads: memory.takeZeros(4 * places),
      emitted: memory.take(SPIKE_BYTES * EMITTED_ROOM),
      ...{ emittedRoom: EMITTED_ROOM, drives: this.drivesAt, driveCount: drives.length },
    })
  }

  /** Says where the rows of the projections lie, in the order of their numbers. */
  setProjections(projections: readonly WindowProjection[]): void {
    const { memory } = this
    const at = memory.takeZeros(PROJECTION_BYTES * Math.max(1, projections.length))
    projections.forEach(({ rows, weight }, p) => {
      const place = at + PROJECTION_BYTES * p
      const sign = weight === null ? OWN_WEIGHTS : Number(weight >= 0)
      memory.f64.set(weightScale(weight ?? 1, this.grid), place / 8)
      memory.u32.set([rows.rows, rows.records, sign, rows.stride, rows.weightAt, rows.delayAt], place / 4 + 4)
    })
    this.projections = projections
    this.plan.write({ projections: at })
  }

  begin(run: WindowRun): void {
    const { memory, options, thresholds } = this
    this.run = run
    this.next = 0
    this.spikes.clear(run.trials)
    while (this.trials.length < run.trials) this.trials.push(this.layOut(this.trials.length))
    if (this.logRoom === 0) this.widenLog(64)
    for (let number = 0; number < run.trials; number++) {
      const trial = this.trials[number] as WindowTrial
      const { states, limits, heldUntil, firedCounts, sums } = trial.regions as Required<WindowPlanFields>
      const places = options.values.size + (options.values.size % 2)
      const { f64, i32 } = memory
      f64.fill(0, states / 8, states / 8 + 2 * places)
      f64.fill(Infinity, limits / 8, limits / 8 + places)
      f64.set(thresholds, limits / 8)
      // At rest V is 0, which is -bias above the bias.
      options.values.bias.forEach((bias, n) => {
        f64[states / 8 + 2 * n + 1] = -bias
      })
      f64.fill(-1, heldUntil / 8, heldUntil / 8 + places)
      i32.fill(0, firedCounts / 4, firedCounts / 4 + places)
      f64.fill(0, sums / 8, sums / 8 + 2 * places * this.ringCells)
      trial.heldCount = 0
      for (const { drawn } of trial.drives) i32.fill(0, drawn / 4, drawn / 4 + options.values.size)
      trial.arrivals.clear()
    }
    this.plan.write({ firesOnce: Number(run.stopAfterFirst), allWalk: 0, walkStart: 0 })
  }

  /**
   * A spike arrives at a row of a projection; the instant must not have passed.
   *
   * @param time of the arrival in ms; of the spike where synapses have their own delays
   */
  arrive(trial: number, projection: number, unit: number, time: number): void {
    const { arrivals } = this.trials[trial] as WindowTrial
    const { rows } = this.projections[projection] as WindowProjection
    const first = time + leastDelayOf(this.memory, rows, unit)
    if (first < this.run.until) arrivals.add(time, projection, unit, Math.floor(first / this.options.cell))
  }

  /** The smallest delay of some units' synapses where these have their own; Infinity where there are none. */
  leastDelay(projection: number, units: { readonly start: number; readonly end: number }): number {
    const { rows } = this.projections[projection] as WindowProjection
    let least = Number.POSITIVE_INFINITY
    for (let unit = units.start; unit < units.end; unit++)
      least = Math.min(least, leastDelayOf(this.memory, rows, unit))
    return least
  }

  /** @param delayOf the delay of a unit's synapses; null where these have their own */
  countArrivals(projection: number, delayOf: ((unit: number) => number) | null): ArrivalCounter {
    return createRowCounter(this.memory, () => (this.projections[projection] as WindowProjection).rows, delayOf)
  }

  /** The end of the last cell that ends by then; `until` once that is reached. */
  reach(horizon: number): number {
    const { cell } = this.options
    return horizon >= this.run.until ? this.run.until : Math.floor(horizon / cell) * cell
  }

  /** Runs everything before an instant that `reach` returned; the spikes in event order. */
  advance(to: number): SpikeTrains {
    const { cell } = this.options
    const last = Math.ceil(to / cell)
    for (let trial = 0; trial < this.run.trials; trial++) {
      this.enterTrial(trial)
      for (let number = this.next; number < last; number++) {
        this.pass(trial, number)
        if (number % 64 === 0) this.run.beat()
      }
      this.drain()
      this.spikes.endTrial(trial)
      ;(this.trials[trial] as WindowTrial).heldCount = this.plan.read('heldCount')
      this.refuseFault(to)
    }
    this.next = last
    return this.spikes.take()
  }

  /** Spikes of the n-th neuron held in a trial so far. */
  spikeCount(trial: number, n: number): number {
    const counts = this.trials[trial]?.regions.firedCounts as number
    return this.memory.i32[counts / 4 + n] as number
  }

  private layOut(trial: number): WindowTrial {
    const { memory, options, ringCells } = this
    const { values, cell } = options
    const places = this.drives.map((drive) => placeDrive(memory, drive, values, trial))
    return layOutTrial(memory, { size: values.size, cells: ringCells, perCell: 1 / cell }, places)
  }

  private enterTrial(number: number): void {
    const { regions, drives, heldCount } = this.trials[number] as WindowTrial
    this.plan.write({ ...regions, heldCount, emittedCount: 0, faulty: -1 })
    this.drives.forEach((layout, d) => {
      const places = drives[d] as DrivePlaces
      writeDrive(this.memory, this.drivesAt + DRIVE_BYTES * d, layout, places, this.grid)
    })
  }

  private pass(trial: number, number: number): void {
    const { code, plan, options, run } = this
    const { cell } = options
    const { arrivals } = this.trials[trial] as WindowTrial
    const cellPlace = number % this.ringCells
    plan.write({ cellPlace, cellStart: number * cell, cellEnd: Math.min((number + 1) * cell, run.until) })
    this.fillDrives(number)
    const arriving = arrivals.take(number)
    this.copyArrivals(arriving)
    code.enterCell()
    if (arriving !== undefined) {
      this.carryOn(arriving, arrivals, number + 1)
      arrivals.release(arriving)
    }
    for (let entries = code.logCell(); entries > this.logRoom; entries = code.logCell()) this.widenLog(entries)
    code.leaveCell()
  }

  /** Draws the drives of which a frame begins to arrive with this cell. */
  private fillDrives(number: number): void {
    this.drives.forEach((layout, d) => {
      const { frameCells, delayCells } = layout.shared
      const frame = (number - delayCells) / frameCells
      if (frame < 0 || !Number.isInteger(frame)) return
      writeFrame(this.memory, this.drivesAt + DRIVE_BYTES * d, layout, frame)
      this.code.fillDrive(d)
    })
  }

  private widenLog(entries: number): void {
    const { memory, plan } = this
    this.logRoom = 2 * entries
    const driven = this.drives.reduce((sum, { shared }) => sum + shared.room, 0)
    plan.write({
      log: memory.take(ENTRY_BYTES * this.logRoom),
      logRoom: this.logRoom,
      events: memory.take(EVENT_BYTES * (this.logRoom + driven)),
    })
  }

  private copyArrivals(cell: ArrivalCell | undefined): void {
    const { memory, plan } = this
    const count = cell?.count ?? 0
    if (count > this.arrivalRoom) {
      this.arrivalRoom = 2 * count
      plan.write({ arrivals: memory.take(ARRIVAL_BYTES * this.arrivalRoom) })
    }
    plan.write({ arrivalCount: count })
    if (cell === undefined) return
    const at = plan.read('arrivals')
    const { f64, u32 } = memory
    for (let k = 0; k < count; k++) {
      const arrival = at + ARRIVAL_BYTES * k
      f64[arrival / 8] = cell.times[k] as number
      u32[arrival / 4 + 4] = cell.projections[k] as number
      u32[arrival / 4 + 5] = cell.units[k] as number
      u32[arrival / 4 + 6] = cell.firsts[k] as number
    }
  }

  /** Spikes whose rows have later arrivals, too, come up again in the next cell. */
  private carryOn(cell: ArrivalCell, arrivals: WindowTrial['arrivals'], next: number): void {
    const { memory, plan, projections } = this
    const at = plan.read('arrivals') / 4
    const { u32 } = memory
    for (let k = 0; k < cell.count; k++) {
      const projection = cell.projections[k] as number
      const { rows } = projections[projection] as WindowProjection
      if (rows.delayAt === 0) continue
      const unit = cell.units[k] as number
      const end = u32[at + (ARRIVAL_BYTES / 4) * k + 7] as number
      const stop = rows.records + rows.stride * (u32[rows.rows / 4 + unit + 1] as number)
      if (end < stop) arrivals.add(cell.times[k] as number, projection, unit, next, end)
    }
  }

  private drain(): void {
    const { memory, plan, spikes } = this
    const count = plan.read('emittedCount')
    const at = plan.read('emitted')
    const { f64, u32 } = memory
    for (let k = 0; k < count; k++) spikes.add(f64[at / 8 + 2 * k] as number, u32[at / 4 + 4 * k + 2] as number)
    plan.write({ emittedCount: 0 })
  }

  private refuseFault(time: number): void {
    const faulty = this.plan.read('faulty')
    if (faulty < 0) return
    const { name, start } = this.options.values
    throw runawayNeuron({ group: name, unit: start + faulty, time })
  }
}
