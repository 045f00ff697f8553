import { InternalError } from '../../../../events/errors.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { LifValues } from '../../../../network/instance/instance.js'
import { beyondBins, mostSpikesBy, RUNAWAY, runawayNeuron } from '../../../models/neuron-faults.js'
import type { StateColumns } from '../../../models/neurons.js'
import type { KernelMaxima } from '../../kernel.js'
import { writeHeader } from '../../wasm/header.js'
import { compileKernel, instantiateKernel, type KernelExports } from '../../wasm/instantiate.js'
import { KernelMemory } from '../../wasm/kernel-memory.js'
import { ADJOINT_HEADER } from '../../wasm/schema/adjoint-header.js'
import { HEADER_END } from '../../wasm/schema/header.js'
import { WINDOW_HEADER } from '../../wasm/schema/window-header.js'
import { EMITTED } from '../../wasm/schema/window-records.js'
import { commonTaus, constantFields } from '../../wasm/tau-fields.js'
import { createArrivalOrder } from '../arrivals/arrival-order.js'
import { BinRoom } from '../arrivals/bin-room.js'
import { carryOn } from '../arrivals/carry-on.js'
import { type AdjointHeader, createAdjointHeader } from '../back/adjoint-header.js'
import { RunTape } from '../back/run-tape.js'
import { beginTops, readTops } from '../back/trial-tops.js'
import { gridFields } from '../cells/bin-grid.js'
import { coursesOf, stateForm } from '../cells/state-forms.js'
import { QUIET_INTERVAL, type Stillness } from '../cells/stillness.js'
import type { UnscaledCourses } from '../cells/unscaled-courses.js'
import type { PoissonInput } from '../drives/poisson-input-places.js'
import { PoissonInputRing } from '../drives/poisson-input-ring.js'
import { roundKeys } from '../drives/round-keys.js'
import { writeProjections } from '../rows/projection-records.js'
import { leastDelayOfUnit, recordFrom, type SourceRows } from '../rows/source-rows.js'
import type { WindowProjection } from '../rows/window-projection.js'
import { createWindowHeader, type WindowHeader, type WindowHeaderFields } from '../window-header.js'
import type { SpikeArrival, WindowRun } from '../window-run.js'
import type { WindowTally } from '../window-traffic.js'
import { eachEmitted } from './emitted-spikes.js'
import { KeptTrial } from './kept-trial.js'
import { columnsOf, joinColumns, readColumns, restColumns, type StateForm, writeColumns } from './neuron-columns.js'
import { NeuronNumbers } from './neuron-numbers.js'
import { isLaidOutAlike, type WindowNeuronsOptions } from './neurons-options.js'
import { createSpikeStore } from './spike-store.js'
import { layOutTrial, type WindowTrial } from './window-trial.js'

/** Spikes that the kernel has room for until they are taken. */
const EMITTED_ROOM = 4096
/** Spikes are counted by integers of 32 bits. */
const MOST_COUNTED = 2 ** 31 - 2

/** Later bins cannot be counted one by one. */
const MOST_BINS = 2 ** 53

/**
 * The neurons of a window kernel and what arrives at them: their memory, and its way through time bin by bin.
 *
 * See assembly/window/bin.ts for what is done in a bin.
 */
export class WindowNeurons {
  readonly memory = new KernelMemory(HEADER_END, 'plain')
  private tally = nothingTallied()
  /** Number of the bin under way. */
  private next = 0
  private options: WindowNeuronsOptions
  private readonly code: KernelExports
  private readonly header: WindowHeader
  private readonly grid: WindowHeaderFields
  private readonly spikes = createSpikeStore()
  private readonly inOrder = createArrivalOrder()
  private readonly numbers: NeuronNumbers
  private trials: WindowTrial[] = []
  private projections: readonly (WindowProjection | null)[] = []
  private run: WindowRun = { trials: 0, until: 0, stopAfterFirst: false, beat: () => undefined }
  /** Spikes from here on have not been returned yet; those of a look at a bin are returned before the other instant. */
  private shownFrom = 0
  private shownBefore = Number.POSITIVE_INFINITY
  private readonly poissonInputs: PoissonInputRing
  private readonly room: BinRoom
  private readonly stillness: Stillness
  /** Null where the state is scaled. */
  private readonly courses: UnscaledCourses | null
  private readonly state: StateForm
  private readonly adjointHeader: AdjointHeader
  /** Null unless a backward pass will follow. */
  private tape: RunTape | null = null

  constructor(options: WindowNeuronsOptions) {
    const { memory } = this
    const { values, bin, poissonInputs, weights, seed, isUnscaled } = options
    const taus = commonTaus(values)
    this.options = options
    this.state = stateForm(isUnscaled)
    this.grid = gridFields(taus, bin)
    writeHeader(memory, constantFields(taus))
    const drain = () => this.drain()
    this.code = instantiateKernel(compileKernel('plain'), memory.memory, { drainSpikes: drain })
    const address = memory.takeZeros(WINDOW_HEADER.size)
    this.header = createWindowHeader(memory, address)
    this.code.attachWindow(address)
    const back = memory.takeZeros(ADJOINT_HEADER.size)
    this.adjointHeader = createAdjointHeader(memory, back)
    this.code.attachAdjoint(back)
    const places = values.size + (values.size % 2)
    this.numbers = new NeuronNumbers(memory, values)
    this.poissonInputs = new PoissonInputRing(
      memory,
      { poissonInputs, weights, grid: this.grid },
      (poissonInput, binPlace) => {
        this.header.write({ binPlace })
        this.tally.drawn += this.code.fillPoissonInput(poissonInput)
        this.tally.intervals += values.size
      },
    )
    this.room = new BinRoom(memory, this.header, this.poissonInputs.room)
    const { courses, stillness } = coursesOf(memory, options, this.poissonInputs, this.numbers.levels)
    this.courses = courses
    this.stillness = stillness
    this.header.write({
      ...this.grid,
      ...this.courses?.fields(values),
      ...{ neurons: values.size, firstNeuron: values.start, ringBins: this.poissonInputs.bins, mostSpikes: RUNAWAY },
      roundKeys: memory.copy(roundKeys(seed)),
      walkFlags: memory.takeZeros(places),
      candidates: memory.takeZeros(4 * places),
      logHeads: memory.takeZeros(4 * places),
      emittedAt: memory.take(EMITTED.size * EMITTED_ROOM),
      levels: memory.take(8 * places),
      ...{
        emittedRoom: EMITTED_ROOM,
        poissonInputsAt: this.poissonInputs.address,
        poissonInputCount: poissonInputs.length,
      },
    })
    this.follow(values, weights)
  }

  /** Whether nothing but numbers per neuron differs from what memory was laid out for, with bins as long. */
  isLaidOutFor(values: LifValues, poissonInputs: readonly PoissonInput[]): boolean {
    return isLaidOutAlike(this.options, values, poissonInputs)
  }

  /**
   * Takes over the numbers of the neurons; the time constants of a scaled state are the same.
   *
   * @param weights of the Poisson inputs, those of the neurons held
   */
  follow(values: LifValues, weights: readonly Float64Array[]): void {
    this.options = { ...this.options, values }
    this.courses?.follow(values)
    this.header.write(this.numbers.follow(values, weights))
    this.poissonInputs.follow(weights)
  }

  /** Says where the rows of the projections lie, in the order of their numbers; null where nothing arrives. */
  setProjections(projections: readonly (WindowProjection | null)[]): void {
    this.projections = projections
    this.header.write({ projectionsAt: writeProjections(this.memory, projections) })
  }

  begin(run: WindowRun): void {
    const rest = restColumns(this.options.values, this.state)
    this.start(run, 0, () => rest)
  }

  /** In place of `begin`: goes on at `start` ms from what `saveState` has told there. */
  resume(run: WindowRun, start: number, columns: StateColumns): void {
    this.start(run, start, (trial) => columnsOf(this.options.values, columns, trial, this.state))
  }

  /** The state at the start of the bin under way; arrivals from there on are to be told again. */
  saveState(): StateColumns {
    const { memory, trials, run, options, state } = this
    const { size } = options.values
    return joinColumns(trials.slice(0, run.trials).map((trial) => readColumns(memory, trial, size, state)))
  }

  /** Start in ms of the bin under way: everything before it has been run. */
  get binStart(): number {
    return this.next * this.options.bin
  }

  private start(run: WindowRun, time: number, columns: (trial: number) => ReturnType<typeof restColumns>): void {
    this.run = run
    this.next = Math.floor(time / this.options.bin)
    this.shownFrom = time
    this.spikes.clear(run.trials)
    while (this.trials.length < run.trials) this.trials.push(this.layOut(this.trials.length))
    this.tape = run.gradients === true ? new RunTape(run.trials, this.options.values.start) : null
    const keepsTape = Number(this.tape !== null)
    this.header.write({ firesOnce: Number(run.stopAfterFirst), keepsTape, mostSpikes: RUNAWAY, until: run.until })
    for (let number = 0; number < run.trials; number++) {
      const trial = this.trials[number] as WindowTrial
      trial.arrivals.clear()
      beginTops(this.memory, trial, this.options.values.bias, run.trackSilent === true ? 'wanted' : 'not wanted')
      this.place(number, columns(number))
    }
  }

  /** Puts the neurons of a trial where they were at the start of the bin under way. */
  private place(number: number, columns: ReturnType<typeof restColumns>): void {
    const { memory, options, poissonInputs, numbers, next } = this
    const trial = this.trials[number] as WindowTrial
    const { sums } = trial.regions as Required<WindowHeaderFields>
    const { size } = options.values
    const doubles = this.bytesOfSums() / 8
    const forget = (from: number, to: number) => memory.f64.fill(0, sums / 8 + doubles * from, sums / 8 + doubles * to)
    writeColumns(memory, trial, columns, numbers.levels.thresholds, this.state)
    forget(0, poissonInputs.bins)
    for (const { drawn } of trial.poissonInputs) memory.i32.fill(0, drawn / 4, drawn / 4 + size)
    this.enterTrial(number)
    poissonInputs.refill(trial, next, (bin) => forget(bin, bin + 1))
  }

  /** Of a bin. */
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

  /** A spike arrives at a row of a projection; what arrives before the bin under way has been counted and is dropped. */
  arrive(trial: number, { projection, unit, sent, time, slot = 0 }: SpikeArrival): void {
    const { arrivals } = this.trials[trial] as WindowTrial
    const rows = this.rowsOf(projection)
    const first = rows.delayAt === 0 ? time : time + leastDelayOfUnit(this.memory, rows, unit)
    if (!(first < this.run.until)) return
    const number = Math.floor(first / this.options.bin)
    if (number >= MOST_BINS) throw beyondBins(this.options.values.name, first, this.options.bin)
    if (number >= this.next) arrivals.add({ sent, time, projection, unit, number, slot })
    else if (rows.delayAt > 0) {
      const record = recordFrom(this.memory, rows, unit, { time, start: this.binStart })
      arrivals.add({ sent, time, projection, unit, number: this.next, first: record, slot })
    }
  }

  private rowsOf(projection: number): SourceRows {
    const { rows } = this.projections[projection] ?? {}
    if (rows === undefined) throw new InternalError(`Nothing arrives through projection ${projection}.`, { projection })
    return rows
  }

  /** The end of the last bin that ends by then; `until` once that is reached. */
  reach(horizon: number): number {
    const { bin } = this.options
    return horizon >= this.run.until ? this.run.until : Math.floor(horizon / bin) * bin
  }

  /**
   * Runs everything before an instant; the spikes in event order.
   *
   * @param to what `reach` has returned, or where a segment of the run ends; inside of a bin, spikes before it are shown,
   *   and the neurons stay where the bin begins, to go through it again when all of its arrivals are known
   */
  advance(to: number): SpikeTrains {
    const { run, options, next } = this
    const last = to < run.until ? Math.floor(to / options.bin) : Math.ceil(to / options.bin)
    const isInside = to < run.until && last * options.bin < to
    this.next = last
    this.tally.bins += last - next
    this.tape?.beginStep(next, this.shownFrom)
    for (let trial = 0; trial < run.trials; trial++) {
      this.enterTrial(trial)
      const passed = this.passAll(trial, next, last)
      this.drain()
      this.refuseFault(Math.min(to, passed * options.bin))
      ;(this.trials[trial] as WindowTrial).heldCount = this.header.read('heldCount')
      if (isInside) this.look(trial, last, to)
      this.spikes.endTrial(trial)
    }
    this.shownFrom = to
    this.tape?.endStep(this.spikes.places)
    return this.spikes.take()
  }

  /** Takes a trial through bins but for those in which nothing can happen; returns the end of the last one it has passed. */
  private passAll(trial: number, from: number, to: number): number {
    const { run, options, stillness } = this
    const { bin, values } = options
    const isEnd = to * bin >= run.until && !run.segmented
    let passed = from
    for (let number = from; number < to; ) {
      if (number >= MOST_BINS) throw beyondBins(values.name, number * bin, bin)
      this.pass(trial, number)
      passed = ++number
      if ((number - 1) % QUIET_INTERVAL !== 0) continue
      run.beat()
      number = stillness.passOver(this.trials[trial] as WindowTrial, number, { to, isEnd })
    }
    return passed
  }

  /** Nothing happens here before it unless more arrives; from the start of the bin under way on. */
  nextEvent(): number {
    const { trials, run, next, options } = this
    return this.stillness.nextEvent(trials.slice(0, run.trials), next) * options.bin
  }

  /** Shows the spikes of a bin before an instant inside of it, from the arrivals that are known by now. */
  private look(trial: number, number: number, to: number): void {
    const { memory, poissonInputs } = this
    const looked = this.trials[trial] as WindowTrial
    poissonInputs.fill(looked, number)
    const kept = new KeptTrial(memory, looked, this.bytesOfSums(), number % poissonInputs.bins)
    this.shownBefore = to
    this.header.write({ tops: 0 })
    this.pass(trial, number, 'look')
    this.drain()
    this.shownBefore = Number.POSITIVE_INFINITY
    kept.restore()
  }

  /** What a way back works with. */
  get engine() {
    const { memory, code, header, adjointHeader, options, poissonInputs, trials } = this
    const { values, bin, isUnscaled } = options
    return { memory, code, header, adjointHeader, poissonInputs, trials, values, bin, isUnscaled }
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
    const { memory, options, poissonInputs } = this
    const { values, bin } = options
    return layOutTrial(
      memory,
      { size: values.size, bins: poissonInputs.bins, perBin: 1 / bin, state: 8 * this.state.doubles },
      poissonInputs.place(values, trial),
    )
  }

  private enterTrial(number: number): void {
    const trial = this.trials[number] as WindowTrial
    this.tape?.enterTrial(number)
    this.header.write({ ...trial.regions, heldCount: trial.heldCount, emittedCount: 0, faulty: -1 })
    this.header.write(trial.tops ?? { tops: 0 })
    this.poissonInputs.enter(trial)
  }

  /** @param how a look leaves the arrivals of the bin where they are */
  private pass(trial: number, number: number, how: 'step' | 'look' = 'step'): void {
    const { code, header, options, run } = this
    const { bin } = options
    const { arrivals } = this.trials[trial] as WindowTrial
    this.poissonInputs.fill(this.trials[trial] as WindowTrial, number)
    header.write({ binPlace: number % this.poissonInputs.bins })
    header.write({ binStart: number * bin, binEnd: Math.min((number + 1) * bin, run.until) })
    if (run.segmented) header.write({ mostSpikes: Math.min(mostSpikesBy(number * bin), MOST_COUNTED) })
    const arriving = arrivals.at(number)
    if (arriving !== undefined) this.inOrder(arriving)
    this.room.takeArrivals(arriving)
    code.enterBin()
    if (arriving !== undefined && how === 'step') {
      const at = header.read('arrivalsAt')
      this.tape?.noteArrivals(this.memory, at, number, arriving)
      carryOn(this.memory, at, arriving, (projection) => this.rowsOf(projection), { arrivals, next: number + 1 })
      arrivals.release(number)
    }
    this.room.takeLog(() => code.logBin())
    code.leaveBin()
  }

  private drain(): void {
    const { memory, header, spikes } = this
    const emitted = { at: header.read('emittedAt'), count: header.read('emittedCount') }
    const shown = { from: this.shownFrom, before: this.shownBefore }
    const releases = eachEmitted(memory, emitted, { ...shown, tape: this.tape }, (time, unit) => {
      spikes.add(time, unit)
      this.tally.spikes++
    })
    this.tally.releases += releases
    header.write({ emittedCount: 0 })
  }

  private refuseFault(time: number): void {
    const faulty = this.header.read('faulty')
    if (faulty < 0) return
    const { name, start } = this.options.values
    throw runawayNeuron({ group: name, unit: start + faulty, time })
  }
}

function nothingTallied(): WindowTally {
  return { bins: 0, spikes: 0, releases: 0, intervals: 0, drawn: 0 }
}
