import { InternalError } from '../../../../events/errors.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import { beyondBins, mostSpikesBy, RUNAWAY, runawayNeuron } from '../../../models/neuron-faults.js'
import type { StateColumns } from '../../../models/neurons.js'
import { blockAround, mostOfNeuron, tooManySpikes } from '../../../models/spike-limit.js'
import type { KernelMaxima } from '../../kernel.js'
import { carryOn, createArrivalOrder } from '../arrivals/arrival-bins.js'
import { RunTape } from '../back/run-tape.js'
import { beginRunningMaxima, readRunningMaxima } from '../back/running-maxima.js'
import { QUIET_INTERVAL } from '../bins/stillness.js'
import { leastDelayOfUnit, recordFrom } from '../rows/source-rows.js'
import type { WindowHeaderFields } from '../window-header.js'
import type { WindowTally } from '../window-traffic.js'
import { columnsOf, joinColumns, readColumns, restColumns, writeColumns } from './neuron-columns.js'
import type { SpikeArrival, WindowNeuronsOptions, WindowRun } from './neurons-options.js'
import { createSpikeStore, eachEmitted } from './spike-store.js'
import { WindowEngine } from './window-engine.js'
import { KeptTrial, type WindowTrial } from './window-trial.js'

/** Spikes are counted by integers of 32 bits. */
const MOST_COUNTED = 2 ** 31 - 2

/** Later bins cannot be counted one by one. */
const MOST_BINS = 2 ** 53

/**
 * The way of a window kernel's neurons through time, bin by bin, and what arrives at them.
 *
 * See assembly/window/bin.ts for what is done in a bin.
 */
export class WindowNeurons {
  readonly engine: WindowEngine
  /** One per trial of the longest run so far. */
  readonly trials: WindowTrial[] = []
  private tally = nothingTallied()
  /** Number of the current bin. */
  private next = 0
  /** Length of a bin in ms. */
  private readonly bin: number
  private readonly spikes = createSpikeStore()
  private readonly inOrder = createArrivalOrder()
  private run: WindowRun = { trials: 0, until: 0, stopAfterFirst: false, beat: () => undefined }
  /** Spikes from here on have not been returned yet; those of a look at a bin are returned before the other instant. */
  private shownFrom = 0
  private shownBefore = Number.POSITIVE_INFINITY
  /** Null unless a backward pass will follow. */
  private tape: RunTape | null = null

  constructor(options: WindowNeuronsOptions) {
    const { size } = options.values
    this.bin = options.bin
    this.engine = new WindowEngine(options, {
      drain: () => this.drain(),
      drew: (arrivals) => {
        this.tally.drawn += arrivals
        this.tally.intervals += size
      },
    })
  }

  begin(run: WindowRun): void {
    const { values, state } = this.engine
    const rest = restColumns(values, state)
    this.start(run, 0, () => rest)
  }

  /** In place of `begin`: resumes at `start` ms from the state that `saveState` returned there. */
  resume(run: WindowRun, start: number, columns: StateColumns): void {
    const { values, state } = this.engine
    this.start(run, start, (trial) => columnsOf(values, columns, trial, state))
  }

  /** The state at the start of the current bin; arrivals from there on have to be passed again. */
  saveState(): StateColumns {
    const { memory, values, state } = this.engine
    const trials = this.trials.slice(0, this.run.trials)
    return joinColumns(trials.map((trial) => readColumns(memory, trial, values.size, state)))
  }

  /** Start in ms of the current bin: everything before it has been run. */
  get binStart(): number {
    return this.next * this.bin
  }

  private start(run: WindowRun, time: number, columns: (trial: number) => ReturnType<typeof restColumns>): void {
    const { memory, header, values, poissonInputs } = this.engine
    this.run = run
    this.next = Math.floor(time / this.bin)
    this.shownFrom = time
    this.spikes.clear(run.trials)
    while (this.trials.length < run.trials) this.trials.push(this.engine.layOut())
    this.tape = run.gradients === true ? new RunTape(run.trials, values.start) : null
    const keepsTape = Number(this.tape !== null)
    header.write({ firesOnce: Number(run.stopAfterFirst), keepsTape, until: run.until })
    for (let number = 0; number < run.trials; number++) {
      const trial = this.trials[number] as WindowTrial
      trial.arrivals.clear()
      poissonInputs.name(trial, values, (run.firstTrial ?? 0) + number)
      beginRunningMaxima(memory, trial, values.bias, run.trackSilent === true ? 'wanted' : 'not wanted')
      this.place(number, columns(number))
    }
  }

  /** Restores the neurons of a trial to their state at the start of the current bin. */
  private place(number: number, columns: ReturnType<typeof restColumns>): void {
    const { memory, values, state, poissonInputs, thresholds, bytesOfSums } = this.engine
    const trial = this.trials[number] as WindowTrial
    const { sums } = trial.regions as Required<WindowHeaderFields>
    const doubles = bytesOfSums / 8
    const forget = (from: number, to: number) => memory.f64.fill(0, sums / 8 + doubles * from, sums / 8 + doubles * to)
    writeColumns(memory, trial, columns, thresholds, state)
    forget(0, poissonInputs.bins)
    for (const { drawn } of trial.poissonInputs) memory.i32.fill(0, drawn / 4, drawn / 4 + values.size)
    this.enterTrial(number)
    poissonInputs.refill(trial, this.next, (bin) => forget(bin, bin + 1))
  }

  /** What was done since this was asked last. */
  takeTally(): WindowTally {
    const { tally } = this
    this.tally = nothingTallied()
    return tally
  }

  /** A spike arrives at a row of a projection; arrivals before the current bin have been counted and are dropped. */
  arrive(trial: number, { projection, unit, sent, time, slot = 0 }: SpikeArrival): void {
    const { arrivals } = this.trials[trial] as WindowTrial
    const { engine, bin } = this
    const rows = engine.rowsOf(projection)
    const first = rows.delayAt === 0 ? time : time + leastDelayOfUnit(engine.memory, rows, unit)
    if (!(first < this.run.until)) return
    const number = Math.floor(first / bin)
    if (number >= MOST_BINS) throw beyondBins(engine.values.name, first, bin)
    if (number >= this.next) arrivals.add({ sent, time, projection, unit, number, slot })
    else if (rows.delayAt > 0) {
      const record = recordFrom(engine.memory, rows, unit, { time, start: this.binStart })
      arrivals.add({ sent, time, projection, unit, number: this.next, first: record, slot })
    }
  }

  /** The end of the last bin that ends by then; `until` once that is reached. */
  reach(horizon: number): number {
    const { bin } = this
    return horizon >= this.run.until ? this.run.until : Math.floor(horizon / bin) * bin
  }

  /**
   * Runs everything before an instant; the spikes in event order.
   *
   * @param to what `reach` has returned, or where a segment of the run ends; inside of a bin, spikes before it are shown,
   *   and the neurons stay where the bin begins, to go through it again when all of its arrivals are known
   */
  advance(to: number): SpikeTrains {
    const { run, bin, next } = this
    const last = to < run.until ? Math.floor(to / bin) : Math.ceil(to / bin)
    const isInside = to < run.until && last * bin < to
    this.next = last
    this.tally.bins += last - next
    this.tape?.beginStep(next, this.shownFrom)
    for (let trial = 0; trial < run.trials; trial++) {
      this.enterTrial(trial)
      const passed = this.passAll(trial, next, last)
      this.drain()
      this.refuseFault(trial, Math.min(to, passed * bin))
      ;(this.trials[trial] as WindowTrial).heldCount = this.engine.header.read('heldCount')
      if (isInside) this.look(trial, last, to)
      this.spikes.endTrial(trial)
    }
    this.shownFrom = to
    this.tape?.endStep(this.spikes.places)
    return this.spikes.take()
  }

  /** Takes a trial through bins but for those in which nothing can happen; returns the end of the last one it has passed. */
  private passAll(trial: number, from: number, to: number): number {
    const { run, bin } = this
    const { values, stillness } = this.engine
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

  /**
   * Nothing happens here before this time, in ms, unless more arrives; at the earliest the start of the current bin.
   */
  nextEvent(): number {
    const { engine, trials, run, next, bin } = this
    return engine.stillness.nextEvent(trials.slice(0, run.trials), next) * bin
  }

  /** Shows the spikes of a bin before an instant inside of it, from the arrivals that are known by now. */
  private look(trial: number, number: number, to: number): void {
    const { memory, header, poissonInputs, bytesOfSums } = this.engine
    const looked = this.trials[trial] as WindowTrial
    poissonInputs.fill(looked, number)
    const kept = new KeptTrial(memory, looked, bytesOfSums, number % poissonInputs.bins)
    this.shownBefore = to
    header.write({ runningMaxima: 0 })
    this.pass(trial, number, 'look')
    this.drain()
    this.shownBefore = Number.POSITIVE_INFINITY
    kept.restore()
  }

  /** The tape of the current run, for a backward pass. */
  taped(): RunTape {
    if (this.tape === null) throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return this.tape
  }

  /** Spikes of the n-th neuron held in a trial so far. */
  spikeCount(trial: number, n: number): number {
    const counts = this.trials[trial]?.regions.firedCounts as number
    return this.engine.memory.i32[counts / 4 + n] as number
  }

  /** Of the neurons that have not fired, in the current run. */
  maxima(): KernelMaxima {
    const trials = this.trials.slice(0, this.run.trials)
    const { memory, values } = this.engine
    return readRunningMaxima(memory, trials, values.bias, (trial, n) => this.spikeCount(trial, n) === 0)
  }

  private enterTrial(number: number): void {
    const trial = this.trials[number] as WindowTrial
    this.tape?.enterTrial(number)
    const { header, poissonInputs } = this.engine
    header.write({ ...trial.regions, heldCount: trial.heldCount, emittedCount: 0, faulty: -1 })
    header.write(trial.runningMaxima ?? { runningMaxima: 0 })
    poissonInputs.enter(trial)
  }

  /** @param how a look leaves the arrivals of the bin where they are */
  private pass(trial: number, number: number, how: 'step' | 'look' = 'step'): void {
    const { engine, bin, run } = this
    const { memory, code, header, poissonInputs, room } = engine
    const { arrivals } = this.trials[trial] as WindowTrial
    poissonInputs.fill(this.trials[trial] as WindowTrial, number)
    header.write({ binPlace: number % poissonInputs.bins })
    header.write({ binStart: number * bin, binEnd: Math.min((number + 1) * bin, run.until) })
    header.write({ mostSpikes: this.mostSpikesIn(number) })
    const arriving = arrivals.at(number)
    if (arriving !== undefined) this.inOrder(arriving)
    room.takeArrivals(arriving)
    code.enterBin()
    if (arriving !== undefined && how === 'step') {
      const at = header.read('arrivalsAt')
      this.tape?.noteArrivals(memory, at, number, arriving)
      carryOn(memory, at, arriving, (projection) => engine.rowsOf(projection), { arrivals, next: number + 1 })
      arrivals.release(number)
    }
    room.takeLog(() => code.logBin())
    code.leaveBin()
  }

  /** That a neuron may have had by a bin. */
  private mostSpikesIn(number: number): number {
    const { segmented, spikeLimit = Number.POSITIVE_INFINITY } = this.run
    // Those that a state says have fired may have done so under another limit.
    if (segmented) return Math.min(mostSpikesBy(number * this.bin), MOST_COUNTED)
    return Math.floor(Math.min(RUNAWAY, mostOfNeuron(spikeLimit, number * this.bin)))
  }

  private drain(): void {
    const { spikes } = this
    const { memory, header } = this.engine
    const emitted = { at: header.read('emittedAt'), count: header.read('emittedCount') }
    const shown = { from: this.shownFrom, before: this.shownBefore }
    const releases = eachEmitted(memory, emitted, { ...shown, tape: this.tape }, (time, unit) => {
      spikes.add(time, unit)
      this.tally.spikes++
    })
    this.tally.releases += releases
    header.write({ emittedCount: 0 })
  }

  private refuseFault(trial: number, time: number): void {
    const { header, values } = this.engine
    const faulty = header.read('faulty')
    if (faulty < 0) return
    const { name, start, total } = values
    const { spikeLimit: limit = Number.POSITIVE_INFINITY, firstTrial = 0 } = this.run
    const units = blockAround(start + faulty, total)
    if (this.spikeCount(trial, faulty) <= RUNAWAY)
      throw tooManySpikes({ group: name, units, trial: firstTrial + trial, time, limit })
    throw runawayNeuron({ group: name, unit: start + faulty, time })
  }
}

function nothingTallied(): WindowTally {
  return { bins: 0, spikes: 0, releases: 0, intervals: 0, drawn: 0 }
}
