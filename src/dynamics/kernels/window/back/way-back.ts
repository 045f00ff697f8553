import { InternalError } from '../../../../events/errors.js'
import type { LifValues } from '../../../../network/instance/instance.js'
import { undefinedShift } from '../../../models/neuron-faults.js'
import { bandPush } from '../../../models/rate-band.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { TrialSum } from '../../../parameters/trial-sum.js'
import { Pulse } from '../../../pulse.js'
import type { KernelOptions } from '../../kernel-options.js'
import { wantsTaus } from '../../wants.js'
import type { KernelExports } from '../../wasm/instantiate.js'
import { align, type KernelMemory } from '../../wasm/kernel-memory.js'
import { OWN_EVENT } from '../../wasm/schema/adjoint-records.js'
import { splitArrivals } from '../arrivals/split-arrivals.js'
import type { PoissonInputRing } from '../drives/poisson-input-ring.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import type { WindowHeader } from '../window-header.js'
import type { AdjointHeader, AdjointHeaderFields } from './adjoint-header.js'
import type { GradientVector } from './gradient-vector.js'
import { OpenRows } from './open-rows.js'
import { type AdjointSizes, adjointSizes, ParkedBin } from './parked-bin.js'
import type { RunTape, TapedArrivals, TapedStep } from './run-tape.js'
import { firstInBin, type TrialBack } from './trial-back.js'
import { movingTops } from './trial-tops.js'
import { UndoneRoom } from './undone-room.js'

/** What a way back works with, whatever the run. */
export interface WayBackEngine {
  readonly memory: KernelMemory
  readonly code: KernelExports
  readonly header: WindowHeader
  readonly adjointHeader: AdjointHeader
  readonly values: LifValues
  readonly poissonInputs: PoissonInputRing
  /** Where the Poisson inputs of a trial lie. */
  readonly trials: readonly WindowTrial[]
  /** Length of a bin in ms. */
  readonly bin: number
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
 * Undoes the steps of a window kernel's forward pass in reverse, bin by bin.
 *
 * Arrivals do not act on the adjoint of a neuron: so in each bin own events come first, then every arrival takes the
 * adjoint of its inter-spike interval. What a synapse sums up, over the spikes of a trial in reverse, and what comes back
 * to a spike, over its row in reverse within a block, is the same however the run is cut into windows and the group into
 * slices.
 */
export class WayBack {
  /** Everything from here on is undone, ms. */
  reached: number
  /** Maxima of voltages that the loss looks at. */
  tops = 0
  private readonly engine: WayBackEngine
  private readonly run: WayBackRun
  private readonly trials: readonly TrialBack[]
  private readonly returnedAt: number
  private readonly pulse: Pulse
  private readonly room: UndoneRoom
  private readonly sizes: AdjointSizes
  /** What gradient events are summed up for. */
  readonly wanted: 'returned' | 'neurons'
  /** Where bins that are undone in parts are kept, and sums that nobody looks at. */
  private spare: { readonly state: number; readonly vector: number } | null = null

  constructor(engine: WayBackEngine, run: WayBackRun) {
    const { memory, layout, adjointHeader, values, vector } = engine
    const { options, slots, tape } = run
    const { size } = values
    const nodes = layout.returnedNodes.length
    const firstBlock = layout.returnedNodes[0]?.from ?? 0
    this.engine = engine
    this.run = run
    this.reached = run.reached
    this.sizes = adjointSizes(engine.isUnscaled)
    this.pulse = new Pulse(options.beat)
    this.returnedAt = memory.takeZeros(8 * slots * nodes)
    this.room = new UndoneRoom(
      memory,
      adjointHeader,
      new OpenRows(memory, adjointHeader, { slots, blocks: layout.blocks }),
    )
    this.wanted = (options.inputTimes ?? true) ? 'returned' : 'neurons'
    vector.begin(this.wanted)
    adjointHeader.write({
      ...{ biases: memory.copy(values.bias), thresholds: memory.copy(values.threshold) },
      ...{ adaptSteps: memory.copy(values.adaptStep), firstSpikeIntervals: memory.takeZeros(4 * size) },
      ...{ backsAt: vector.backs, poissonInputBacksAt: vector.poissonInputBacks, treeSums: memory.take(64 * 16) },
      ...{
        blockSums: memory.takeZeros(8 * layout.blocks),
        returnedSums: this.returnedAt,
        nodeCount: nodes,
        firstBlock,
      },
      nodeEnds: memory.copy(Uint32Array.from(layout.returnedNodes, ({ to }) => to - firstBlock)),
      ...{ ignoresUndefined: Number(options.undefinedSlope === 'ignore'), undefinedNeuron: -1, grazings: 0 },
    })
    // Where trials run whole, one after the other is undone.
    const shared = options.whole ? this.takeRegions() : null
    this.trials = tape.trials.map((trial, number) => ({
      ...{ regions: { ...(shared ?? this.takeRegions()), ...this.takeTops(number) }, tape: trial },
      ...{ bin: Number.POSITIVE_INFINITY, isBegun: false, intervals: [], isTouched: false, isZero: true },
      ...{ before: Number.POSITIVE_INFINITY, isInside: false, parked: null },
    }))
  }

  private takeRegions(): AdjointHeaderFields {
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
  private takeTops(number: number): AdjointHeaderFields {
    const { memory, trials, bin, values } = this.engine
    const { peakGradients, tape } = this.run
    const tops = trials[number]?.tops ?? null
    if (tops === null || peakGradients === null) return { topGradients: 0 }
    const gradients = peakGradients.subarray(number * values.size, (number + 1) * values.size)
    const moving = movingTops(memory, tops, gradients)
    this.tops += moving.length
    tape.insertTops(number, moving, bin)
    return { topGradients: memory.copy(gradients), topPeaks: tops.peaks }
  }

  get grazing(): number {
    return this.engine.adjointHeader.read('grazings')
  }

  /** Sums over the blocks of each node, node by node of one spike after the other. */
  get returned(): Float64Array {
    const { memory, layout } = this.engine
    return memory.f64.subarray(this.returnedAt / 8, this.returnedAt / 8 + this.run.slots * layout.returnedNodes.length)
  }

  /** @param deltas what came back for each spike of the step that is undone */
  backward(deltas: Float64Array): void {
    const { engine, run } = this
    const { steps } = run.tape
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    this.trials.forEach((trial, number) => {
      this.pulse.beat()
      engine.adjointHeader.write({ ...trial.regions, ...(trial.parked === null ? {} : this.spareTaus()) })
      engine.poissonInputs.enter(engine.trials[number] as WindowTrial)
      if (!trial.isBegun) this.beginTrial(trial, number)
      this.backwardTrial(trial, number, step, deltas)
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
    const { pairs, restarts, adaptations, tauStates, pushes } = regions as Required<AdjointHeaderFields>
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

  private backwardTrial(trial: TrialBack, number: number, step: TapedStep, deltas: Float64Array): void {
    const { bin, poissonInputs } = this.engine
    const { tape } = trial
    const from = step.emitted[number] as number
    const places = step.places[number] as Uint32Array
    this.room.takeEvents(tape, from, (k) => deltas[places[k] as number] as number)
    for (let isInside = false; !isInside; ) {
      const event = tape.count > from ? Math.floor((tape.times[tape.count - 1] as number) / bin) : -1
      const arriving = tape.arrivals.at(-1)?.number ?? -1
      const poissonDriven = trial.isZero ? -1 : poissonInputs.lastBusy(trial.isInside ? trial.bin : trial.bin - 1)
      const next = Math.max(event, arriving, poissonDriven)
      if (next < step.firstBin) break
      // Windows may end inside of a bin where spikes come back within one.
      isInside = step.start > next * bin
      if (event === next) trial.isTouched = true
      const first = event === next ? firstInBin(tape, from, next, bin) : tape.count
      this.undoBin(trial, number, { number: next, from: Math.max(next * bin, step.start), first })
      tape.count = first
      trial.isInside = isInside
    }
    trial.before = step.start
  }

  /** Undoes what is left of a bin from an instant on, in ms, and the own events from one on. */
  private undoBin(
    trial: TrialBack,
    ofTrial: number,
    { number, from, first }: { readonly number: number; readonly from: number; readonly first: number },
  ): void {
    const { code, memory, adjointHeader, bin, poissonInputs, trials } = this.engine
    const { count, arrivals } = trial.tape
    const whole = arrivals.at(-1)?.number === number ? arrivals.pop() : undefined
    let arriving = whole
    if (whole !== undefined && from > number * bin) {
      const { before, after } = splitArrivals(memory, whole, from, (p) => this.engine.vector.rowsOf(p))
      if (before.count > 0) arrivals.push(before)
      arriving = after
    }
    if (!trial.isTouched) return
    this.backwardTo(trial, number)
    if (from > number * bin && trial.parked === null && trial.regions.tauStates !== 0) this.park(trial, number, whole)
    const own = this.room.addressesOf(first, count)
    this.pulse.count(this.room.takeArrivals(arriving))
    poissonInputs.review(number, trials[ofTrial] as WindowTrial, trial.intervals, (poissonInput) =>
      code.drawPoissonInput(poissonInput),
    )
    this.enterBin(number, { from, before: trial.before })
    adjointHeader.write(own)
    trial.parked?.note(memory, own.ownFirst, own.ownEnd)
    code.undoBin()
    if (first < count) trial.isZero = false
    this.refuseUndefined()
  }

  private enterBin(number: number, { from, before }: { readonly from: number; readonly before: number }): void {
    const { header, adjointHeader, bin, poissonInputs } = this.engine
    header.write({
      ...{ binStart: number * bin, binPlace: number % poissonInputs.bins },
      binEnd: Math.min((number + 1) * bin, this.run.options.until, before),
    })
    adjointHeader.write({ undoneFrom: from - number * bin })
  }

  /** Keeps a bin that is undone in parts; until it is whole, the sums of time constants go where nobody looks. */
  private park(trial: TrialBack, number: number, arriving: TapedArrivals | undefined): void {
    const { memory, vector, values } = this.engine
    this.spare ??= {
      state: memory.take(this.trials.length * ParkedBin.roomFor(values.size, this.sizes)),
      vector: memory.takeZeros(8 * vector.length),
    }
    const { regions } = trial
    const { sizes } = this
    const room = align(this.spare.state + this.trials.indexOf(trial) * ParkedBin.roomFor(values.size, sizes))
    trial.parked = new ParkedBin(memory, number, arriving, { regions, size: values.size, room, sizes })
    this.engine.adjointHeader.write(this.spareTaus())
  }

  private spareTaus(): AdjointHeaderFields {
    const { tauMemSums, tauSynSums, tauSynInhSums } = this.engine.vector.fieldsAt(this.spare?.vector ?? 0)
    return { tauMemSums, tauSynSums, tauSynInhSums }
  }

  /** All of a bin is undone: once more, for the gradient by the time constants alone. */
  private sumParked(trial: TrialBack): void {
    const { parked, regions } = trial
    if (parked === null || this.spare === null) return
    const { code, memory, adjointHeader, vector, bin } = this.engine
    const grazings = adjointHeader.read('grazings')
    const { tauMemSums = 0, tauSynSums = 0, tauSynInhSums = 0 } = regions
    const sums = { tauMemSums, tauSynSums, tauSynInhSums }
    const ownFirst = this.room.makeRoom(parked.eventCount)
    parked.writeEvents(memory, ownFirst)
    vector.begin('nothing')
    this.room.takeArrivals(parked.arrivals)
    this.enterBin(parked.bin, { from: parked.bin * bin, before: Number.POSITIVE_INFINITY })
    adjointHeader.write({ ...parked.regions, ...vector.fieldsAt(this.spare.vector), ...sums })
    adjointHeader.write({ ownFirst, ownEnd: ownFirst + OWN_EVENT.size * parked.eventCount })
    code.undoBin()
    vector.begin(this.wanted)
    adjointHeader.write({ ...regions, grazings })
    trial.parked = null
  }

  /** Brings the adjoints of a trial to the start of a bin. */
  private backwardTo(trial: TrialBack, number: number): void {
    if (number === trial.bin) return
    this.sumParked(trial)
    if (!trial.isZero) trial.isZero = !this.engine.code.backwardBins(trial.bin - number)
    trial.bin = number
  }

  private closeTrial(trial: TrialBack): void {
    const { memory, code, header, vector } = this.engine
    const { vector: at } = trial.regions as Required<AdjointHeaderFields>
    this.backwardTo(trial, 0)
    this.sumParked(trial)
    header.write({ binStart: 0 })
    if (trial.isTouched) code.closeTrial()
    this.raiseThresholds(trial)
    this.run.sum.take(memory.f64, at / 8)
    this.pulse.count(vector.length)
  }

  /** The hinge strength (threshold - vMax): -strength on vMax is strength on the threshold. */
  private raiseThresholds({ regions }: TrialBack): void {
    const { memory, values } = this.engine
    const { topGradients, thresholdSums } = regions as Required<AdjointHeaderFields>
    const { f64 } = memory
    for (let n = 0; topGradients !== 0 && n < values.size; n++)
      f64[thresholdSums / 8 + n] = (f64[thresholdSums / 8 + n] as number) - (f64[topGradients / 8 + n] as number)
  }

  private refuseUndefined(): void {
    const { adjointHeader, values } = this.engine
    const neuron = adjointHeader.read('undefinedNeuron')
    if (neuron < 0) return
    const moment = { group: values.name, unit: values.start + neuron, time: adjointHeader.read('undefinedTime') }
    throw undefinedShift(moment, adjointHeader.read('undefinedSlope'))
  }
}
