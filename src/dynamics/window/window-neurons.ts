import { InternalError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { LifValues } from '../../network/instance/instance.js'
import type { KernelMaxima } from '../kernel.js'
import { beyondCells, mostSpikesBy, RUNAWAY, runawayNeuron } from '../neuron-faults.js'
import type { StateColumns } from '../neurons.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../wasm/instantiate.js'
import { KernelMemory } from '../wasm/kernel-memory.js'
import { writePlan } from '../wasm/plan.js'
import { ADJOINT_PLAN } from '../wasm/schema/adjoint-plan.js'
import { PLAN_END } from '../wasm/schema/plan.js'
import { WINDOW_PLAN } from '../wasm/schema/window-plan.js'
import { EMITTED } from '../wasm/schema/window-records.js'
import { commonTaus, constantFields } from '../wasm/tau-fields.js'
import { type AdjointPlan, createAdjointPlan } from './adjoint-plan.js'
import { createArrivalOrder } from './arrival-order.js'
import { carryOn } from './carry-on.js'
import { gridFields } from './cell-grid.js'
import { CellRoom } from './cell-room.js'
import type { Drive } from './drive-places.js'
import { DriveRing } from './drive-ring.js'
import { eachEmitted } from './emitted-spikes.js'
import { KeptTrial } from './kept-trial.js'
import { columnsOf, joinColumns, readColumns, restColumns, type StateForm, writeColumns } from './neuron-columns.js'
import { NeuronNumbers } from './neuron-numbers.js'
import { isLaidOutAlike, type WindowNeuronsOptions } from './neurons-options.js'
import { writeProjections } from './projection-records.js'
import { roundKeys } from './round-keys.js'
import { RunTape } from './run-tape.js'
import { leastDelayOfUnit, recordFrom, type SourceRows } from './source-rows.js'
import { createSpikeStore } from './spike-store.js'
import { coursesOf, stateForm } from './state-forms.js'
import { STRETCH, type Stillness } from './stillness.js'
import { beginTops, readTops } from './trial-tops.js'
import type { UnscaledCourses } from './unscaled-courses.js'
import { createWindowPlan, type WindowPlan, type WindowPlanFields } from './window-plan.js'
import type { WindowProjection } from './window-projection.js'
import type { SpikeArrival, WindowRun } from './window-run.js'
import type { WindowTally } from './window-traffic.js'
import { layOutTrial, type WindowTrial } from './window-trial.js'

/** Spikes that the kernel has room for until they are taken. */
const EMITTED_ROOM = 4096
/** Spikes are counted by integers of 32 bits. */
const MOST_COUNTED = 2 ** 31 - 2

/** Later cells cannot be counted one by one. */
const MOST_CELLS = 2 ** 53

/**
 * The neurons of a window kernel and what arrives at them: their memory, and its way through time cell by cell.
 *
 * See assembly/window/cell.ts for what is done in a cell.
 */
export class WindowNeurons {
  readonly memory = new KernelMemory(PLAN_END, 'plain')
  private tally = nothingTallied()
  /** Number of the cell under way. */
  private next = 0
  private options: WindowNeuronsOptions
  private readonly code: KernelExports
  private readonly plan: WindowPlan
  private readonly grid: WindowPlanFields
  private readonly spikes = createSpikeStore()
  private readonly inOrder = createArrivalOrder()
  private readonly numbers: NeuronNumbers
  private trials: WindowTrial[] = []
  private projections: readonly (WindowProjection | null)[] = []
  private run: WindowRun = { trials: 0, until: 0, stopAfterFirst: false, beat: () => undefined }
  /** Spikes from here on have not been returned yet; those of a look at a cell are returned before the other instant. */
  private shownFrom = 0
  private shownBefore = Number.POSITIVE_INFINITY
  private readonly drives: DriveRing
  private readonly room: CellRoom
  private readonly stillness: Stillness
  /** Null where the state is scaled. */
  private readonly courses: UnscaledCourses | null
  private readonly state: StateForm
  private readonly adjointPlan: AdjointPlan
  /** Null unless a backward pass will follow. */
  private tape: RunTape | null = null

  constructor(options: WindowNeuronsOptions) {
    const { memory } = this
    const { values, cell, drives, weights, seed, isUnscaled } = options
    const taus = commonTaus(values)
    this.options = options
    this.state = stateForm(isUnscaled)
    this.grid = gridFields(taus, cell)
    writePlan(memory, constantFields(taus))
    const drain = () => this.drain()
    this.code = instantiateKernel(compileKernel('plain'), memory.memory, { drainSpikes: drain })
    const address = memory.takeZeros(WINDOW_PLAN.size)
    this.plan = createWindowPlan(memory, address)
    this.code.attachWindow(address)
    const back = memory.takeZeros(ADJOINT_PLAN.size)
    this.adjointPlan = createAdjointPlan(memory, back)
    this.code.attachAdjoint(back)
    const places = values.size + (values.size % 2)
    this.numbers = new NeuronNumbers(memory, values)
    this.drives = new DriveRing(memory, { drives, weights, grid: this.grid }, (drive, cellPlace) => {
      this.plan.write({ cellPlace })
      this.tally.drawn += this.code.fillDrive(drive)
      this.tally.frames += values.size
    })
    this.room = new CellRoom(memory, this.plan, this.drives.room)
    const { courses, stillness } = coursesOf(memory, options, this.drives, this.numbers.levels)
    this.courses = courses
    this.stillness = stillness
    this.plan.write({
      ...this.grid,
      ...this.courses?.fields(values),
      ...{ neurons: values.size, firstNeuron: values.start, ringCells: this.drives.cells, mostSpikes: RUNAWAY },
      roundKeys: memory.copy(roundKeys(seed)),
      walkFlags: memory.takeZeros(places),
      walkers: memory.takeZeros(4 * places),
      logHeads: memory.takeZeros(4 * places),
      emittedAt: memory.take(EMITTED.size * EMITTED_ROOM),
      levels: memory.take(8 * places),
      ...{ emittedRoom: EMITTED_ROOM, drivesAt: this.drives.address, driveCount: drives.length },
    })
    this.follow(values, weights)
  }

  /** Whether nothing but numbers per neuron differs from what memory was laid out for, with cells as long. */
  isLaidOutFor(values: LifValues, drives: readonly Drive[]): boolean {
    return isLaidOutAlike(this.options, values, drives)
  }

  /**
   * Takes over the numbers of the neurons; the time constants of a scaled state are the same.
   *
   * @param weights of the drives, those of the neurons held
   */
  follow(values: LifValues, weights: readonly Float64Array[]): void {
    this.options = { ...this.options, values }
    this.courses?.follow(values)
    this.plan.write(this.numbers.follow(values, weights))
    this.drives.follow(weights)
  }

  /** Says where the rows of the projections lie, in the order of their numbers; null where nothing arrives. */
  setProjections(projections: readonly (WindowProjection | null)[]): void {
    this.projections = projections
    this.plan.write({ projectionsAt: writeProjections(this.memory, projections) })
  }

  begin(run: WindowRun): void {
    const rest = restColumns(this.options.values, this.state)
    this.start(run, 0, () => rest)
  }

  /** In place of `begin`: goes on at `start` ms from what `saveState` has told there. */
  resume(run: WindowRun, start: number, columns: StateColumns): void {
    this.start(run, start, (trial) => columnsOf(this.options.values, columns, trial, this.state))
  }

  /** The state at the start of the cell under way; arrivals from there on are to be told again. */
  saveState(): StateColumns {
    const { memory, trials, run, options, state } = this
    const { size } = options.values
    return joinColumns(trials.slice(0, run.trials).map((trial) => readColumns(memory, trial, size, state)))
  }

  /** Start in ms of the cell under way: everything before it has been run. */
  get cellStart(): number {
    return this.next * this.options.cell
  }

  private start(run: WindowRun, time: number, columns: (trial: number) => ReturnType<typeof restColumns>): void {
    this.run = run
    this.next = Math.floor(time / this.options.cell)
    this.shownFrom = time
    this.spikes.clear(run.trials)
    while (this.trials.length < run.trials) this.trials.push(this.layOut(this.trials.length))
    this.tape = run.gradients === true ? new RunTape(run.trials, this.options.values.start) : null
    const keepsTape = Number(this.tape !== null)
    this.plan.write({ firesOnce: Number(run.stopAfterFirst), keepsTape, mostSpikes: RUNAWAY, until: run.until })
    for (let number = 0; number < run.trials; number++) {
      const trial = this.trials[number] as WindowTrial
      trial.arrivals.clear()
      beginTops(this.memory, trial, this.options.values.bias, run.trackSilent === true ? 'wanted' : 'not wanted')
      this.place(number, columns(number))
    }
  }

  /** Puts the neurons of a trial where they were at the start of the cell under way. */
  private place(number: number, columns: ReturnType<typeof restColumns>): void {
    const { memory, options, drives, numbers, next } = this
    const trial = this.trials[number] as WindowTrial
    const { sums } = trial.regions as Required<WindowPlanFields>
    const { size } = options.values
    const doubles = this.bytesOfSums() / 8
    const forget = (from: number, to: number) => memory.f64.fill(0, sums / 8 + doubles * from, sums / 8 + doubles * to)
    writeColumns(memory, trial, columns, numbers.levels.thresholds, this.state)
    forget(0, drives.cells)
    for (const { drawn } of trial.drives) memory.i32.fill(0, drawn / 4, drawn / 4 + size)
    this.enterTrial(number)
    drives.refill(trial, next, (cell) => forget(cell, cell + 1))
  }

  /** Of a cell. */
  private bytesOfSums(): number {
    const { size } = this.options.values
    return 8 * this.state.doubles * (size + (size % 2))
  }

  /** What was done since this was asked last. */
  takeTally(): WindowTally {
    const { tally } = this
    this.tally = nothingTallied()
    return tally
  }

  /** Doubles of the state of a neuron. */
  get doubles(): number {
    return this.state.doubles
  }

  /** A spike arrives at a row of a projection; what arrives before the cell under way has been counted and is dropped. */
  arrive(trial: number, { projection, unit, sent, time, slot = 0 }: SpikeArrival): void {
    const { arrivals } = this.trials[trial] as WindowTrial
    const rows = this.rowsOf(projection)
    const first = rows.delayAt === 0 ? time : time + leastDelayOfUnit(this.memory, rows, unit)
    if (!(first < this.run.until)) return
    const number = Math.floor(first / this.options.cell)
    if (number >= MOST_CELLS) throw beyondCells(this.options.values.name, first, this.options.cell)
    if (number >= this.next) arrivals.add({ sent, time, projection, unit, number, slot })
    else if (rows.delayAt > 0) {
      const record = recordFrom(this.memory, rows, unit, { time, start: this.cellStart })
      arrivals.add({ sent, time, projection, unit, number: this.next, first: record, slot })
    }
  }

  private rowsOf(projection: number): SourceRows {
    const { rows } = this.projections[projection] ?? {}
    if (rows === undefined) throw new InternalError(`Nothing arrives through projection ${projection}.`, { projection })
    return rows
  }

  /** The end of the last cell that ends by then; `until` once that is reached. */
  reach(horizon: number): number {
    const { cell } = this.options
    return horizon >= this.run.until ? this.run.until : Math.floor(horizon / cell) * cell
  }

  /**
   * Runs everything before an instant; the spikes in event order.
   *
   * @param to what `reach` has returned, or where a segment of the run ends; inside of a cell, spikes before it are shown,
   *   and the neurons stay where the cell begins, to go through it again when all of its arrivals are known
   */
  advance(to: number): SpikeTrains {
    const { run, options, next } = this
    const last = to < run.until ? Math.floor(to / options.cell) : Math.ceil(to / options.cell)
    const isInside = to < run.until && last * options.cell < to
    this.next = last
    this.tally.cells += last - next
    this.tape?.beginStep(next, this.shownFrom)
    for (let trial = 0; trial < run.trials; trial++) {
      this.enterTrial(trial)
      const passed = this.passAll(trial, next, last)
      this.drain()
      this.refuseFault(Math.min(to, passed * options.cell))
      ;(this.trials[trial] as WindowTrial).heldCount = this.plan.read('heldCount')
      if (isInside) this.look(trial, last, to)
      this.spikes.endTrial(trial)
    }
    this.shownFrom = to
    this.tape?.endStep(this.spikes.places)
    return this.spikes.take()
  }

  /** Takes a trial through cells but for those in which nothing can happen; returns the end of the last one it has passed. */
  private passAll(trial: number, from: number, to: number): number {
    const { run, options, stillness } = this
    const { cell, values } = options
    const isEnd = to * cell >= run.until && !run.segmented
    let passed = from
    for (let number = from; number < to; ) {
      if (number >= MOST_CELLS) throw beyondCells(values.name, number * cell, cell)
      this.pass(trial, number)
      passed = ++number
      if ((number - 1) % STRETCH !== 0) continue
      run.beat()
      number = stillness.passOver(this.trials[trial] as WindowTrial, number, { to, isEnd })
    }
    return passed
  }

  /** Nothing happens here before it unless more arrives; from the start of the cell under way on. */
  nextEvent(): number {
    const { trials, run, next, options } = this
    return this.stillness.nextEvent(trials.slice(0, run.trials), next) * options.cell
  }

  /** Shows the spikes of a cell before an instant inside of it, from the arrivals that are known by now. */
  private look(trial: number, number: number, to: number): void {
    const { memory, drives } = this
    const looked = this.trials[trial] as WindowTrial
    drives.fill(looked, number)
    const kept = new KeptTrial(memory, looked, this.bytesOfSums(), number % drives.cells)
    this.shownBefore = to
    this.plan.write({ tops: 0 })
    this.pass(trial, number, 'look')
    this.drain()
    this.shownBefore = Number.POSITIVE_INFINITY
    kept.restore()
  }

  /** What a way back works with. */
  get engine() {
    const { memory, code, plan, adjointPlan, options, drives, trials } = this
    const { values, cell, isUnscaled } = options
    return { memory, code, plan, adjointPlan, drives, trials, values, cell, isUnscaled }
  }

  /** What the run under way leaves for it. */
  taped(): RunTape {
    if (this.tape === null) throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return this.tape
  }

  /** Spikes of the n-th neuron held in a trial so far. */
  spikeCount(trial: number, n: number): number {
    const counts = this.trials[trial]?.regions.firedCounts as number
    return this.memory.i32[counts / 4 + n] as number
  }

  /** Of the neurons that have not fired, in the run under way. */
  maxima(): KernelMaxima {
    const trials = this.trials.slice(0, this.run.trials)
    return readTops(this.memory, trials, this.options.values.bias, (trial, n) => this.spikeCount(trial, n) === 0)
  }

  private layOut(trial: number): WindowTrial {
    const { memory, options, drives } = this
    const { values, cell } = options
    return layOutTrial(
      memory,
      { size: values.size, cells: drives.cells, perCell: 1 / cell, state: 8 * this.state.doubles },
      drives.place(values, trial),
    )
  }

  private enterTrial(number: number): void {
    const trial = this.trials[number] as WindowTrial
    this.tape?.enterTrial(number)
    this.plan.write({ ...trial.regions, heldCount: trial.heldCount, emittedCount: 0, faulty: -1 })
    this.plan.write(trial.tops ?? { tops: 0 })
    this.drives.enter(trial)
  }

  /** @param how a look leaves the arrivals of the cell where they are */
  private pass(trial: number, number: number, how: 'step' | 'look' = 'step'): void {
    const { code, plan, options, run } = this
    const { cell } = options
    const { arrivals } = this.trials[trial] as WindowTrial
    this.drives.fill(this.trials[trial] as WindowTrial, number)
    plan.write({ cellPlace: number % this.drives.cells })
    plan.write({ cellStart: number * cell, cellEnd: Math.min((number + 1) * cell, run.until) })
    if (run.segmented) plan.write({ mostSpikes: Math.min(mostSpikesBy(number * cell), MOST_COUNTED) })
    const arriving = arrivals.at(number)
    if (arriving !== undefined) this.inOrder(arriving)
    this.room.takeArrivals(arriving)
    code.enterCell()
    if (arriving !== undefined && how === 'step') {
      const at = plan.read('arrivalsAt')
      this.tape?.noteArrivals(this.memory, at, number, arriving)
      carryOn(this.memory, at, arriving, (projection) => this.rowsOf(projection), { arrivals, next: number + 1 })
      arrivals.release(number)
    }
    this.room.takeLog(() => code.logCell())
    code.leaveCell()
  }

  private drain(): void {
    const { memory, plan, spikes } = this
    const emitted = { at: plan.read('emittedAt'), count: plan.read('emittedCount') }
    const shown = { from: this.shownFrom, before: this.shownBefore }
    const releases = eachEmitted(memory, emitted, { ...shown, tape: this.tape }, (time, unit) => {
      spikes.add(time, unit)
      this.tally.spikes++
    })
    this.tally.releases += releases
    plan.write({ emittedCount: 0 })
  }

  private refuseFault(time: number): void {
    const faulty = this.plan.read('faulty')
    if (faulty < 0) return
    const { name, start } = this.options.values
    throw runawayNeuron({ group: name, unit: start + faulty, time })
  }
}

function nothingTallied(): WindowTally {
  return { cells: 0, spikes: 0, releases: 0, frames: 0, drawn: 0 }
}
