import { InternalError } from '../../events/errors.js'
import type { LifValues } from '../../network/instance.js'
import type { KernelOptions } from '../kernel-options.js'
import { undefinedShift } from '../neuron-faults.js'
import type { ParameterLayout } from '../parameter-layout.js'
import { Pulse } from '../pulse.js'
import { bandPush } from '../rate-band.js'
import type { TrialSum } from '../trial-sum.js'
import type { KernelExports } from '../wasm/instantiate.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { ADAPTATION, OWN_EVENT, STRETCH, TAU_STATE, UNDONE } from '../wasm/schema/window-adjoint.js'
import { wantsTaus } from '../wasm/wants.js'
import type { AdjointPlan, AdjointPlanFields } from './adjoint-plan.js'
import type { DriveRing } from './drive-ring.js'
import type { GradientVector } from './gradient-vector.js'
import { OpenRows } from './open-rows.js'
import type { RunTape, TapedArrivals, TapedStep, TrialTape } from './run-tape.js'
import { writeOwnEvents, writeUndone } from './undone-records.js'
import type { WindowPlan } from './window-plan.js'
import type { WindowTrial } from './window-trial.js'

/** What a way back works with, whatever the run. */
export interface WayBackEngine {
  readonly memory: KernelMemory
  readonly code: KernelExports
  readonly plan: WindowPlan
  readonly adjointPlan: AdjointPlan
  readonly values: LifValues
  readonly drives: DriveRing
  /** Where the drives of a trial lie. */
  readonly trials: readonly WindowTrial[]
  /** Length of a cell in ms. */
  readonly cell: number
  readonly vector: GradientVector
  readonly layout: ParameterLayout
}

export interface WayBackRun {
  readonly options: KernelOptions
  readonly tape: RunTape
  /** Spikes received. */
  readonly slots: number
  /** Takes the gradients of the trials in their order. */
  readonly sum: TrialSum
  /** How far it has gone, ms. */
  readonly reached: number
  /** Spikes of the n-th neuron held in a trial. */
  readonly spikeCount: (trial: number, n: number) => number
}

/** A trial on its way back. */
interface TrialBack {
  readonly regions: AdjointPlanFields
  readonly tape: TrialTape
  /** The adjoints are those of the start of this cell; nothing is known of later ones. */
  cell: number
  isBegun: boolean
  /** Per drive, the first cell of the frame that was drawn again last. */
  readonly frames: number[]
  /** Some own event is undone: arrivals count from then on. */
  isTouched: boolean
  /** No adjoint is other than 0. */
  isZero: boolean
}

/**
 * Undoes the steps of a window kernel's forward pass in reverse, cell by cell.
 *
 * Arrivals do not act on the adjoint of a neuron: so in each cell own events come first, then every arrival takes the
 * adjoint of its stretch. What a synapse sums up, over the spikes of a trial in reverse, and what comes back to a spike,
 * over its row in reverse within a block, is the same however the run is cut into windows and the group into slices.
 */
export class WayBack {
  /** Everything from here on is undone, ms. */
  reached: number
  private readonly engine: WayBackEngine
  private readonly run: WayBackRun
  private readonly trials: readonly TrialBack[]
  private readonly answersAt: number
  private readonly openRows: OpenRows
  private readonly pulse: Pulse
  /** Records there is room for. */
  private ownRoom = 0
  private undoneRoom = 0
  private undoneAt = 0
  /** Of the trial at work: its own events of the step from … to - 1 lie at an address. */
  private own = { at: 0, from: 0 }

  constructor(engine: WayBackEngine, run: WayBackRun) {
    const { memory, layout, adjointPlan, values, vector } = engine
    const { options, slots, tape } = run
    const { size } = values
    const nodes = layout.nodes.length
    const firstBlock = layout.nodes[0]?.from ?? 0
    this.engine = engine
    this.run = run
    this.reached = run.reached
    this.pulse = new Pulse(options.beat)
    this.answersAt = memory.takeZeros(8 * slots * nodes)
    this.openRows = new OpenRows(memory, adjointPlan, { slots, blocks: layout.blocks })
    vector.begin(options.inputTimes ?? true)
    adjointPlan.write({
      ...{ biases: memory.copy(values.bias), thresholds: memory.copy(values.threshold) },
      ...{ adaptSteps: memory.copy(values.adaptStep), firstStretches: memory.takeZeros(4 * size) },
      ...{ backsAt: vector.backs, driveBacksAt: vector.driveBacks, treeSums: memory.take(64 * 16) },
      ...{ blockSums: memory.takeZeros(8 * layout.blocks), answers: this.answersAt, nodeCount: nodes, firstBlock },
      nodeEnds: memory.copy(Uint32Array.from(layout.nodes, ({ to }) => to - firstBlock)),
      ...{ ignoresUndefined: Number(options.undefinedSlope === 'ignore'), undefinedNeuron: -1, grazings: 0 },
    })
    // Where trials run whole, one after the other is undone.
    const shared = options.whole ? this.takeRegions() : null
    this.trials = tape.trials.map((trial) => ({
      ...{ regions: shared ?? this.takeRegions(), tape: trial },
      ...{ cell: Number.POSITIVE_INFINITY, isBegun: false, frames: [], isTouched: false, isZero: true },
    }))
  }

  private takeRegions(): AdjointPlanFields {
    const { memory, vector, values } = this.engine
    const { options } = this.run
    const { size } = values
    return {
      ...{ pairs: memory.takeZeros(16 * size), restarts: memory.takeZeros(8 * size) },
      tauStates: wantsTaus(options) ? memory.takeZeros(TAU_STATE.size * size) : 0,
      adaptations: memory.takeZeros(ADAPTATION.size * size),
      pushes: options.rateBand === undefined ? 0 : memory.takeZeros(8 * size),
      ...vector.fieldsAt(memory.takeZeros(8 * vector.length)),
    }
  }

  get grazing(): number {
    return this.engine.adjointPlan.read('grazings')
  }

  /** Sums over the blocks of each node, node by node of one spike after the other. */
  get answers(): Float64Array {
    const { memory, layout } = this.engine
    return memory.f64.subarray(this.answersAt / 8, this.answersAt / 8 + this.run.slots * layout.nodes.length)
  }

  /** @param deltas what came back for each spike of the step that is undone */
  retreat(deltas: Float64Array): void {
    const { engine, run } = this
    const { steps } = run.tape
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    this.trials.forEach((trial, number) => {
      this.pulse.beat()
      engine.adjointPlan.write(trial.regions)
      engine.drives.enter(engine.trials[number] as WindowTrial)
      if (!trial.isBegun) this.beginTrial(trial, number)
      this.retreatTrial(trial, number, step, deltas)
      if (steps.length === 0) this.closeTrial(trial)
    })
    this.reached = step.start
  }

  /** Nothing acts on a neuron at the end of a trial. */
  private beginTrial(trial: TrialBack, number: number): void {
    trial.isBegun = true
    const { regions } = trial
    const { memory, values } = this.engine
    const { options, spikeCount } = this.run
    const { pairs, restarts, adaptations, tauStates, pushes } = regions as Required<AdjointPlanFields>
    const clear = (at: number, bytes: number) => memory.f64.fill(0, at / 8, (at + bytes * values.size) / 8)
    clear(pairs, 16)
    clear(restarts, 8)
    clear(adaptations, ADAPTATION.size)
    if (tauStates !== 0) clear(tauStates, TAU_STATE.size)
    const { rateBand } = options
    for (let n = 0; rateBand !== undefined && n < values.size; n++)
      memory.f64[pushes / 8 + n] = bandPush(rateBand, spikeCount(number, n))
  }

  private retreatTrial(trial: TrialBack, number: number, step: TapedStep, deltas: Float64Array): void {
    const { cell } = this.engine
    const { times, arrivals } = trial.tape
    const from = step.emitted[number] as number
    this.writeEvents(trial.tape, from, step.places[number] as Uint32Array, deltas)
    for (;;) {
      const event = times.length > from ? Math.floor((times.at(-1) as number) / cell) : -1
      const arriving = arrivals.at(-1)
      const driven = trial.isZero ? -1 : this.engine.drives.lastBusy(trial.cell - 1)
      const next = Math.max(event, arriving?.number ?? -1, driven)
      if (next < step.firstCell) break
      if (event === next) trial.isTouched = true
      if (arriving?.number === next) arrivals.pop()
      if (trial.isTouched) this.undoCell(trial, number, next, arriving?.number === next ? arriving : undefined)
      if (event === next) this.dropEvents(trial.tape, from, next)
    }
  }

  /** Writes the own events of a step where the kernel finds them. */
  private writeEvents(tape: TrialTape, from: number, places: Uint32Array, deltas: Float64Array): void {
    const { memory, adjointPlan } = this.engine
    const count = tape.times.length - from
    if (count > this.ownRoom) {
      this.ownRoom = 2 * count
      this.own.at = memory.take(OWN_EVENT.size * this.ownRoom)
      adjointPlan.write({ stretchesAt: memory.take(2 * STRETCH.size * this.ownRoom) })
    }
    this.own.from = from
    writeOwnEvents(memory, this.own.at, tape, from, (k) => deltas[places[k] as number] as number)
  }

  private dropEvents(tape: TrialTape, from: number, cell: number): void {
    const { times, currents, adaptations, neurons, releases } = tape
    let left = times.length
    while (left > from && Math.floor((times[left - 1] as number) / this.engine.cell) === cell) left--
    for (const list of [times, currents, adaptations, neurons, releases]) list.length = left
  }

  private undoCell(trial: TrialBack, ofTrial: number, number: number, arriving: TapedArrivals | undefined): void {
    const { code, plan, adjointPlan, cell, drives, trials } = this.engine
    const { until } = this.run.options
    const { times } = trial.tape
    this.retreatTo(trial, number)
    let first = times.length
    while (first > this.own.from && Math.floor((times[first - 1] as number) / cell) === number) first--
    this.writeArrivals(arriving)
    const address = (k: number) => this.own.at + OWN_EVENT.size * (k - this.own.from)
    drives.review(number, trials[ofTrial] as WindowTrial, trial.frames, (drive) => code.drawDrive(drive))
    plan.write({
      cellStart: number * cell,
      cellEnd: Math.min((number + 1) * cell, until),
      cellPlace: number % drives.cells,
    })
    adjointPlan.write({
      ...{ ownFirst: address(first), ownEnd: address(times.length) },
      ...{ undoneAt: this.undoneAt, undoneCount: arriving?.count ?? 0 },
    })
    code.undoCell()
    if (first < times.length) trial.isZero = false
    this.refuseUndefined()
  }

  /** Brings the adjoints of a trial to the start of a cell. */
  private retreatTo(trial: TrialBack, number: number): void {
    if (!trial.isZero) trial.isZero = !this.engine.code.retreatCells(trial.cell - number)
    trial.cell = number
  }

  private writeArrivals(arriving: TapedArrivals | undefined): void {
    const { memory } = this.engine
    if (arriving === undefined) return
    if (arriving.count > this.undoneRoom) {
      this.undoneRoom = 2 * arriving.count
      this.undoneAt = memory.take(UNDONE.size * this.undoneRoom)
    }
    this.openRows.makeRoom(arriving.count)
    this.pulse.count(writeUndone(memory, this.undoneAt, arriving))
  }

  private closeTrial(trial: TrialBack): void {
    const { memory, code, plan, vector } = this.engine
    const { vector: at } = trial.regions as Required<AdjointPlanFields>
    this.retreatTo(trial, 0)
    plan.write({ cellStart: 0 })
    if (trial.isTouched) code.closeTrial()
    this.run.sum.take(memory.f64, at / 8)
    this.pulse.count(vector.length)
  }

  private refuseUndefined(): void {
    const { adjointPlan, values } = this.engine
    const neuron = adjointPlan.read('undefinedNeuron')
    if (neuron < 0) return
    const moment = { group: values.name, unit: values.start + neuron, time: adjointPlan.read('undefinedTime') }
    throw undefinedShift(moment, adjointPlan.read('undefinedSlope'))
  }
}
