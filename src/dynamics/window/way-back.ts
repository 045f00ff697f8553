import { InternalError } from '../../events/errors.js'
import type { LifValues } from '../../network/instance/instance.js'
import type { KernelOptions } from '../kernel-options.js'
import { undefinedShift } from '../neuron-faults.js'
import type { ParameterLayout } from '../parameter-layout.js'
import { Pulse } from '../pulse.js'
import { bandPush } from '../rate-band.js'
import type { TrialSum } from '../trial-sum.js'
import type { KernelExports } from '../wasm/instantiate.js'
import { align, type KernelMemory } from '../wasm/kernel-memory.js'
import { OWN_EVENT } from '../wasm/schema/adjoint-records.js'
import { wantsTaus } from '../wasm/wants.js'
import type { AdjointPlan, AdjointPlanFields } from './adjoint-plan.js'
import type { DriveRing } from './drive-ring.js'
import type { GradientVector } from './gradient-vector.js'
import { OpenRows } from './open-rows.js'
import { type AdjointSizes, adjointSizes, ParkedCell } from './parked-cell.js'
import type { RunTape, TapedArrivals, TapedStep } from './run-tape.js'
import { splitArrivals } from './split-arrivals.js'
import { firstInCell, type TrialBack } from './trial-back.js'
import { movingTops } from './trial-tops.js'
import { UndoneRoom } from './undone-room.js'
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
  readonly isUnscaled: boolean
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
  /** dL/d(max V) per (trial, neuron held), where the loss looks at maxima. */
  readonly peakGradients: Float64Array | null
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
  /** Maxima of voltages that the loss looks at. */
  tops = 0
  private readonly engine: WayBackEngine
  private readonly run: WayBackRun
  private readonly trials: readonly TrialBack[]
  private readonly answersAt: number
  private readonly pulse: Pulse
  private readonly room: UndoneRoom
  private readonly sizes: AdjointSizes
  /** What gradient events are summed up for. */
  readonly wanted: 'answers' | 'neurons'
  /** Where cells that are undone in parts are kept, and sums that nobody looks at. */
  private spare: { readonly state: number; readonly vector: number } | null = null

  constructor(engine: WayBackEngine, run: WayBackRun) {
    const { memory, layout, adjointPlan, values, vector } = engine
    const { options, slots, tape } = run
    const { size } = values
    const nodes = layout.answerNodes.length
    const firstBlock = layout.answerNodes[0]?.from ?? 0
    this.engine = engine
    this.run = run
    this.reached = run.reached
    this.sizes = adjointSizes(engine.isUnscaled)
    this.pulse = new Pulse(options.beat)
    this.answersAt = memory.takeZeros(8 * slots * nodes)
    this.room = new UndoneRoom(memory, adjointPlan, new OpenRows(memory, adjointPlan, { slots, blocks: layout.blocks }))
    this.wanted = (options.inputTimes ?? true) ? 'answers' : 'neurons'
    vector.begin(this.wanted)
    adjointPlan.write({
      ...{ biases: memory.copy(values.bias), thresholds: memory.copy(values.threshold) },
      ...{ adaptSteps: memory.copy(values.adaptStep), firstStretches: memory.takeZeros(4 * size) },
      ...{ backsAt: vector.backs, driveBacksAt: vector.driveBacks, treeSums: memory.take(64 * 16) },
      ...{ blockSums: memory.takeZeros(8 * layout.blocks), answers: this.answersAt, nodeCount: nodes, firstBlock },
      nodeEnds: memory.copy(Uint32Array.from(layout.answerNodes, ({ to }) => to - firstBlock)),
      ...{ ignoresUndefined: Number(options.undefinedSlope === 'ignore'), undefinedNeuron: -1, grazings: 0 },
    })
    // Where trials run whole, one after the other is undone.
    const shared = options.whole ? this.takeRegions() : null
    this.trials = tape.trials.map((trial, number) => ({
      ...{ regions: { ...(shared ?? this.takeRegions()), ...this.takeTops(number) }, tape: trial },
      ...{ cell: Number.POSITIVE_INFINITY, isBegun: false, frames: [], isTouched: false, isZero: true },
      ...{ before: Number.POSITIVE_INFINITY, isInside: false, parked: null },
    }))
  }

  private takeRegions(): AdjointPlanFields {
    const { memory, vector, values } = this.engine
    const { options } = this.run
    const { size } = values
    const { pairs, restarts, tauStates, adaptations } = this.sizes
    return {
      ...{ pairs: memory.takeZeros(pairs * size), restarts: memory.takeZeros(restarts * size) },
      tauStates: wantsTaus(options) ? memory.takeZeros(tauStates * size) : 0,
      adaptations: memory.takeZeros(adaptations * size),
      pushes: options.rateBand === undefined ? 0 : memory.takeZeros(8 * size),
      ...vector.fieldsAt(memory.takeZeros(8 * vector.length)),
    }
  }

  /** What the loss has to do with the maxima of a trial; these become own events. */
  private takeTops(number: number): AdjointPlanFields {
    const { memory, trials, cell, values } = this.engine
    const { peakGradients, tape } = this.run
    const tops = trials[number]?.tops ?? null
    if (tops === null || peakGradients === null) return { topGradients: 0 }
    const gradients = peakGradients.subarray(number * values.size, (number + 1) * values.size)
    const moving = movingTops(memory, tops, gradients)
    this.tops += moving.length
    tape.insertTops(number, moving, cell)
    return { topGradients: memory.copy(gradients), topPeaks: tops.peaks }
  }

  get grazing(): number {
    return this.engine.adjointPlan.read('grazings')
  }

  /** Sums over the blocks of each node, node by node of one spike after the other. */
  get answers(): Float64Array {
    const { memory, layout } = this.engine
    return memory.f64.subarray(this.answersAt / 8, this.answersAt / 8 + this.run.slots * layout.answerNodes.length)
  }

  /** @param deltas what came back for each spike of the step that is undone */
  retreat(deltas: Float64Array): void {
    const { engine, run } = this
    const { steps } = run.tape
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    this.trials.forEach((trial, number) => {
      this.pulse.beat()
      engine.adjointPlan.write({ ...trial.regions, ...(trial.parked === null ? {} : this.spareTaus()) })
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
    const { sizes } = this
    clear(pairs, sizes.pairs)
    clear(restarts, sizes.restarts)
    clear(adaptations, sizes.adaptations)
    if (tauStates !== 0) clear(tauStates, sizes.tauStates)
    const { rateBand } = options
    for (let n = 0; rateBand !== undefined && n < values.size; n++)
      memory.f64[pushes / 8 + n] = bandPush(rateBand, spikeCount(number, n))
  }

  private retreatTrial(trial: TrialBack, number: number, step: TapedStep, deltas: Float64Array): void {
    const { cell, drives } = this.engine
    const { tape } = trial
    const from = step.emitted[number] as number
    const places = step.places[number] as Uint32Array
    this.room.takeEvents(tape, from, (k) => deltas[places[k] as number] as number)
    for (let isInside = false; !isInside; ) {
      const event = tape.count > from ? Math.floor((tape.times[tape.count - 1] as number) / cell) : -1
      const arriving = tape.arrivals.at(-1)?.number ?? -1
      const driven = trial.isZero ? -1 : drives.lastBusy(trial.isInside ? trial.cell : trial.cell - 1)
      const next = Math.max(event, arriving, driven)
      if (next < step.firstCell) break
      // Windows may end inside of a cell where spikes come back within one.
      isInside = step.start > next * cell
      if (event === next) trial.isTouched = true
      const first = event === next ? firstInCell(tape, from, next, cell) : tape.count
      this.undoCell(trial, number, { number: next, from: Math.max(next * cell, step.start), first })
      tape.count = first
      trial.isInside = isInside
    }
    trial.before = step.start
  }

  /** Undoes what is left of a cell from an instant on, in ms, and the own events from one on. */
  private undoCell(
    trial: TrialBack,
    ofTrial: number,
    { number, from, first }: { readonly number: number; readonly from: number; readonly first: number },
  ): void {
    const { code, memory, adjointPlan, cell, drives, trials } = this.engine
    const { count, arrivals } = trial.tape
    const whole = arrivals.at(-1)?.number === number ? arrivals.pop() : undefined
    let arriving = whole
    if (whole !== undefined && from > number * cell) {
      const { before, after } = splitArrivals(memory, whole, from, (p) => this.engine.vector.rowsOf(p))
      if (before.count > 0) arrivals.push(before)
      arriving = after
    }
    if (!trial.isTouched) return
    this.retreatTo(trial, number)
    if (from > number * cell && trial.parked === null && trial.regions.tauStates !== 0) this.park(trial, number, whole)
    const own = this.room.addressesOf(first, count)
    this.pulse.count(this.room.takeArrivals(arriving))
    drives.review(number, trials[ofTrial] as WindowTrial, trial.frames, (drive) => code.drawDrive(drive))
    this.enterCell(number, { from, before: trial.before })
    adjointPlan.write(own)
    trial.parked?.note(memory, own.ownFirst, own.ownEnd)
    code.undoCell()
    if (first < count) trial.isZero = false
    this.refuseUndefined()
  }

  private enterCell(number: number, { from, before }: { readonly from: number; readonly before: number }): void {
    const { plan, adjointPlan, cell, drives } = this.engine
    plan.write({
      ...{ cellStart: number * cell, cellPlace: number % drives.cells },
      cellEnd: Math.min((number + 1) * cell, this.run.options.until, before),
    })
    adjointPlan.write({ undoneFrom: from - number * cell })
  }

  /** Keeps a cell that is undone in parts; until it is whole, the sums of time constants go where nobody looks. */
  private park(trial: TrialBack, number: number, arriving: TapedArrivals | undefined): void {
    const { memory, vector, values } = this.engine
    this.spare ??= {
      state: memory.take(this.trials.length * ParkedCell.roomFor(values.size, this.sizes)),
      vector: memory.takeZeros(8 * vector.length),
    }
    const { regions } = trial
    const { sizes } = this
    const room = align(this.spare.state + this.trials.indexOf(trial) * ParkedCell.roomFor(values.size, sizes))
    trial.parked = new ParkedCell(memory, number, arriving, { regions, size: values.size, room, sizes })
    this.engine.adjointPlan.write(this.spareTaus())
  }

  private spareTaus(): AdjointPlanFields {
    const { tauMemSums, tauSynSums, tauSynInhSums } = this.engine.vector.fieldsAt(this.spare?.vector ?? 0)
    return { tauMemSums, tauSynSums, tauSynInhSums }
  }

  /** All of a cell is undone: once more, for the gradient by the time constants alone. */
  private sumParked(trial: TrialBack): void {
    const { parked, regions } = trial
    if (parked === null || this.spare === null) return
    const { code, memory, adjointPlan, vector, cell } = this.engine
    const grazings = adjointPlan.read('grazings')
    const { tauMemSums = 0, tauSynSums = 0, tauSynInhSums = 0 } = regions
    const sums = { tauMemSums, tauSynSums, tauSynInhSums }
    const ownFirst = this.room.makeRoom(parked.eventCount)
    parked.writeEvents(memory, ownFirst)
    vector.begin('nothing')
    this.room.takeArrivals(parked.arrivals)
    this.enterCell(parked.cell, { from: parked.cell * cell, before: Number.POSITIVE_INFINITY })
    adjointPlan.write({ ...parked.regions, ...vector.fieldsAt(this.spare.vector), ...sums })
    adjointPlan.write({ ownFirst, ownEnd: ownFirst + OWN_EVENT.size * parked.eventCount })
    code.undoCell()
    vector.begin(this.wanted)
    adjointPlan.write({ ...regions, grazings })
    trial.parked = null
  }

  /** Brings the adjoints of a trial to the start of a cell. */
  private retreatTo(trial: TrialBack, number: number): void {
    if (number === trial.cell) return
    this.sumParked(trial)
    if (!trial.isZero) trial.isZero = !this.engine.code.retreatCells(trial.cell - number)
    trial.cell = number
  }

  private closeTrial(trial: TrialBack): void {
    const { memory, code, plan, vector } = this.engine
    const { vector: at } = trial.regions as Required<AdjointPlanFields>
    this.retreatTo(trial, 0)
    this.sumParked(trial)
    plan.write({ cellStart: 0 })
    if (trial.isTouched) code.closeTrial()
    this.raiseThresholds(trial)
    this.run.sum.take(memory.f64, at / 8)
    this.pulse.count(vector.length)
  }

  /** The hinge strength (threshold - vMax): -strength on vMax is strength on the threshold. */
  private raiseThresholds({ regions }: TrialBack): void {
    const { memory, values } = this.engine
    const { topGradients, thresholdSums } = regions as Required<AdjointPlanFields>
    const { f64 } = memory
    for (let n = 0; topGradients !== 0 && n < values.size; n++)
      f64[thresholdSums / 8 + n] = (f64[thresholdSums / 8 + n] as number) - (f64[topGradients / 8 + n] as number)
  }

  private refuseUndefined(): void {
    const { adjointPlan, values } = this.engine
    const neuron = adjointPlan.read('undefinedNeuron')
    if (neuron < 0) return
    const moment = { group: values.name, unit: values.start + neuron, time: adjointPlan.read('undefinedTime') }
    throw undefinedShift(moment, adjointPlan.read('undefinedSlope'))
  }
}
