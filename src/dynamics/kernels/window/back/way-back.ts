import { InternalError } from '../../../../events/errors.js'
import { undefinedShift } from '../../../models/neuron-faults.js'
import { rateGradient } from '../../../models/rate-band.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { TrialSum } from '../../../parameters/trial-sum.js'
import { Pulse } from '../../../pulse.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { WindowEngine } from '../neurons/window-engine.js'
import type { WindowNeurons } from '../neurons/window-neurons.js'
import type { WindowTrial } from '../neurons/window-trial.js'
import { type AdjointHeaderFields, type AdjointSizes, adjointSizes } from '../window-header.js'
import type { GradientVector } from './gradient-vector.js'
import { firstInBin, ParkedBins, type TrialBack } from './parked-bins.js'
import { type RunTape, splitArrivals, type TapedStep } from './run-tape.js'
import { movingMaxima, raiseThresholds } from './running-maxima.js'
import { OpenRows, UndoneWorkspace } from './undone-workspace.js'

/** What a way back works with, whatever the run. */
export interface WayBackParts {
  readonly neurons: WindowNeurons
  readonly vector: GradientVector
  readonly layout: ParameterLayout
}

export interface WayBackRun {
  readonly options: KernelOptions
  /** Spikes received. */
  readonly slots: number
  /** Takes the gradients of the trials in their order. */
  readonly sum: TrialSum
  /** How far it has gone, ms. */
  readonly reached: number
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
  runningMaxima = 0
  /** What gradient events are summed up for. */
  readonly wanted: 'returned' | 'neurons'
  private readonly parts: WayBackParts
  private readonly engine: WindowEngine
  private readonly run: WayBackRun
  private readonly tape: RunTape
  private readonly trials: readonly TrialBack[]
  private readonly returnedAt: number
  private readonly pulse: Pulse
  private readonly room: UndoneWorkspace
  private readonly adjoints: TrialAdjoints
  private readonly parked: ParkedBins

  constructor(parts: WayBackParts, run: WayBackRun) {
    const { neurons, layout, vector } = parts
    const { engine } = neurons
    const { memory, adjointHeader, values } = engine
    const { options, slots } = run
    const nodes = layout.returnedNodes.length
    const firstBlock = layout.returnedNodes[0]?.from ?? 0
    this.parts = parts
    this.engine = engine
    this.run = run
    this.tape = neurons.taped()
    this.reached = run.reached
    this.pulse = new Pulse(options.beat)
    this.returnedAt = memory.takeZeros(8 * slots * nodes)
    const openRows = new OpenRows(memory, adjointHeader, { slots, blocks: layout.blocks })
    this.room = new UndoneWorkspace(engine, openRows, options.until)
    this.adjoints = new TrialAdjoints(engine, vector, options)
    this.wanted = (options.inputTimes ?? true) ? 'returned' : 'neurons'
    const { room, wanted, adjoints, tape } = this
    this.parked = new ParkedBins(engine, { vector, room, sizes: adjoints.sizes, trials: tape.trials.length, wanted })
    vector.begin(wanted)
    adjointHeader.write({
      ...{ biases: memory.copy(values.bias), thresholds: memory.copy(values.threshold) },
      ...{ adaptSteps: memory.copy(values.adaptStep), firstSpikeIntervals: memory.takeZeros(4 * values.size) },
      ...{ backsAt: vector.backs, poissonBacksAt: vector.poissonBacks, treeSums: memory.take(64 * 16) },
      ...{ blockSums: memory.takeZeros(8 * layout.blocks), returnedSums: this.returnedAt },
      ...{ nodeCount: nodes, firstBlock },
      nodeEnds: memory.copy(Uint32Array.from(layout.returnedNodes, ({ to }) => to - firstBlock)),
      ...{ ignoresUndefined: Number(options.undefinedSlope === 'ignore'), undefinedNeuron: -1, grazings: 0 },
    })
    // Where trials run whole, one after the other is undone.
    const shared = options.whole ? adjoints.take() : null
    this.trials = tape.trials.map((trial, number) => ({
      ...{ regions: { ...(shared ?? adjoints.take()), ...this.takeRunningMaxima(number) }, tape: trial },
      ...{ bin: Number.POSITIVE_INFINITY, isBegun: false, intervals: [], isTouched: false, isZero: true },
      ...{ before: Number.POSITIVE_INFINITY, isInside: false, parked: null },
    }))
  }

  /** What the loss has to do with the maxima of a trial; these become own events. */
  private takeRunningMaxima(number: number): AdjointHeaderFields {
    const { memory, bin, values } = this.engine
    const { peakGradients } = this.run
    const runningMaxima = this.parts.neurons.trials[number]?.runningMaxima ?? null
    if (runningMaxima === null || peakGradients === null) return { maximumGradients: 0 }
    const gradients = peakGradients.subarray(number * values.size, (number + 1) * values.size)
    const moving = movingMaxima(memory, runningMaxima, gradients)
    this.runningMaxima += moving.length
    this.tape.insertMaxima(number, moving, bin)
    return { maximumGradients: memory.copy(gradients), topPeaks: runningMaxima.peaks }
  }

  get grazing(): number {
    return this.engine.adjointHeader.read('grazings')
  }

  /** Sums over the blocks of each node, node by node of one spike after the other. */
  get returned(): Float64Array {
    const { length } = this.parts.layout.returnedNodes
    return this.engine.memory.f64.subarray(this.returnedAt / 8, this.returnedAt / 8 + this.run.slots * length)
  }

  /** @param deltas what came back for each spike of the step that is undone */
  backward(deltas: Float64Array): void {
    const { engine, parked, adjoints } = this
    const { neurons } = this.parts
    const { steps } = this.tape
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    this.trials.forEach((trial, number) => {
      this.pulse.beat()
      engine.adjointHeader.write({ ...trial.regions, ...parked.fieldsOf(trial) })
      engine.poissonInputs.enter(neurons.trials[number] as WindowTrial)
      if (!trial.isBegun) adjoints.begin(trial.regions, (n) => neurons.spikeCount(number, n))
      trial.isBegun = true
      this.backwardTrial(trial, number, step, deltas)
      if (steps.length === 0) this.closeTrial(trial)
    })
    this.reached = step.start
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
    const { code, memory, adjointHeader, bin, poissonInputs } = this.engine
    const { neurons, vector } = this.parts
    const { count, arrivals } = trial.tape
    const whole = arrivals.at(-1)?.number === number ? arrivals.pop() : undefined
    let arriving = whole
    if (whole !== undefined && from > number * bin) {
      const { before, after } = splitArrivals(memory, whole, from, (p) => vector.rowsOf(p))
      if (before.count > 0) arrivals.push(before)
      arriving = after
    }
    if (!trial.isTouched) return
    this.backwardTo(trial, number)
    if (from > number * bin && trial.parked === null && trial.regions.tauStates !== 0)
      this.parked.park(trial, ofTrial, number, whole)
    const own = this.room.addressesOf(first, count)
    this.pulse.count(this.room.takeArrivals(arriving))
    poissonInputs.review(number, neurons.trials[ofTrial] as WindowTrial, trial.intervals, (poissonInput) =>
      code.drawPoissonInput(poissonInput),
    )
    this.room.enterBin(number, { from, before: trial.before })
    adjointHeader.write(own)
    trial.parked?.note(memory, own.ownFirst, own.ownEnd)
    code.undoBin()
    if (first < count) trial.isZero = false
    this.refuseUndefined()
  }

  /** Brings the adjoints of a trial to the start of a bin. */
  private backwardTo(trial: TrialBack, number: number): void {
    if (number === trial.bin) return
    this.parked.sum(trial)
    if (!trial.isZero) trial.isZero = !this.engine.code.backwardBins(trial.bin - number)
    trial.bin = number
  }

  private closeTrial(trial: TrialBack): void {
    const { memory, code, header, values } = this.engine
    const { vector: at } = trial.regions as Required<AdjointHeaderFields>
    this.backwardTo(trial, 0)
    this.parked.sum(trial)
    header.write({ binStart: 0 })
    if (trial.isTouched) code.closeTrial()
    raiseThresholds(memory, trial.regions, values.size)
    this.run.sum.take(memory.f64, at / 8)
    this.pulse.count(this.parts.vector.length)
  }

  private refuseUndefined(): void {
    const { adjointHeader, values } = this.engine
    const neuron = adjointHeader.read('undefinedNeuron')
    if (neuron < 0) return
    const moment = { group: values.name, unit: values.start + neuron, time: adjointHeader.read('undefinedTime') }
    throw undefinedShift(moment, adjointHeader.read('undefinedSlope'))
  }
}

/** The adjoints of the neurons in a trial, and the gradient that is summed up there: where they lie, and how they begin. */
class TrialAdjoints {
  readonly sizes: AdjointSizes
  private readonly engine: WindowEngine
  private readonly vector: GradientVector
  private readonly options: KernelOptions

  constructor(engine: WindowEngine, vector: GradientVector, options: KernelOptions) {
    this.engine = engine
    this.vector = vector
    this.options = options
    this.sizes = adjointSizes(engine.isUnscaled)
  }

  take(): AdjointHeaderFields {
    const { options, vector } = this
    const { memory, values } = this.engine
    const { size } = values
    const { pairs, restarts, tauStates, adaptations } = this.sizes
    return {
      ...{ pairs: memory.takeZeros(pairs * size), restarts: memory.takeZeros(restarts * size) },
      tauStates: wantsTaus(options) ? memory.takeZeros(tauStates * size) : 0,
      adaptations: memory.takeZeros(adaptations * size),
      rateGradients: options.rateBand === undefined ? 0 : memory.takeZeros(8 * size),
      ...vector.fieldsAt(memory.takeZeros(8 * vector.length)),
    }
  }

  /**
   * Nothing acts on a neuron at the end of a trial.
   *
   * @param spikeCount spikes of the n-th neuron held in the trial
   */
  begin(regions: AdjointHeaderFields, spikeCount: (n: number) => number): void {
    const { sizes, options } = this
    const { memory, values } = this.engine
    const { pairs, restarts, adaptations, tauStates, rateGradients } = regions as Required<AdjointHeaderFields>
    const clear = (at: number, bytes: number) => memory.f64.fill(0, at / 8, (at + bytes * values.size) / 8)
    clear(pairs, sizes.pairs)
    clear(restarts, sizes.restarts)
    clear(adaptations, sizes.adaptations)
    if (tauStates !== 0) clear(tauStates, sizes.tauStates)
    const { rateBand } = options
    for (let n = 0; rateBand !== undefined && n < values.size; n++)
      memory.f64[rateGradients / 8 + n] = rateGradient(rateBand, spikeCount(n))
  }
}
