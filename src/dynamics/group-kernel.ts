import { InternalError } from '../events/errors.js'
import { noSpikes } from '../events/no-spikes.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { LifValues, LiValues, ProjectionValues } from '../network/instance.js'
import { nextDown } from '../numerics/neighbours.js'
import { Answers } from './answers.js'
import { Arrivals } from './arrivals.js'
import { emitSpikes } from './emit-spikes.js'
import { Inbox } from './inbox.js'
import { type KernelRun, layOutRun, type RunShape } from './kernel-run.js'
import { LifNeurons } from './lif.js'
import { LifAdjoint, type UndefinedSlope } from './lif-adjoint.js'
import { integer, real } from './memory.js'
import { type ParameterLayout, parameterLayout } from './parameter-layout.js'
import { initialParameters, sumSharedDelays } from './parameter-vector.js'
import { Synapses } from './synapses.js'
import { TrialSum } from './trial-sum.js'

export interface KernelOptions {
  readonly trials: number
  readonly until: number
  /** Trials run whole, one after the other: every input is complete at the only `advance`. */
  readonly whole: boolean
  /** A backward pass will follow. */
  readonly gradients: boolean
  /** Neurons stay silent after their first spike. */
  readonly stopAfterFirst: boolean
  /** The voltage maximum of silent LIF neurons is wanted. */
  readonly trackSilent: boolean
  readonly undefinedSlope: UndefinedSlope
}

/** One `advance`: the instant it started from and the first tape record it wrote. */
interface Step {
  readonly start: number
  readonly firstRecord: number
}

/** The complete answer to a received batch: one gradient event per spike. */
export interface KernelAnswer {
  readonly projection: number
  readonly batch: SpikeBatch
  readonly values: Float64Array
}

/**
 * The reference kernel of one group and the synapses into it: forward and adjoint, deterministic functions of the spike
 * batches handed to it.
 *
 * Forward: `begin`, then `receive` batches and `advance` window by window. Backward: `beginBackward`, then `retreat`
 * step by step in reverse, collecting `takeAnswers`, then `finishGradient`.
 */
export class GroupKernel {
  readonly values: LifValues | LiValues
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  /** The learnable numbers, see `ParameterLayout`; call `parametersChanged` after writing. */
  readonly parameters: Float64Array
  private readonly inbox: Inbox
  private readonly answers: Answers
  private readonly sum: TrialSum
  private readonly gradient: Float64Array
  private readonly queues: Arrivals[] = []
  private steps: Step[] = []
  private reached = 0
  private options: KernelOptions | null = null
  private run: KernelRun | null = null

  constructor(values: LifValues | LiValues, projections: readonly ProjectionValues[]) {
    this.values = values
    this.synapses = new Synapses(projections)
    this.layout = parameterLayout(this.synapses, values.size)
    this.parameters = initialParameters(values, projections, this.layout)
    this.inbox = new Inbox(this.synapses)
    this.answers = new Answers(this.synapses, this.layout)
    this.sum = new TrialSum(this.layout.gradientLength)
    this.gradient = new Float64Array(this.layout.gradientLength)
    this.parametersChanged()
  }

  /** Delays may have changed: fan-outs follow their order. */
  parametersChanged(): void {
    this.synapses.followDelays(this.delays)
  }

  get delays(): Float64Array {
    return this.parameters.subarray(this.layout.delays, this.layout.bias)
  }

  /** The smallest current delay of each projection: how far its watermarks reach ahead. */
  smallestDelays(): readonly number[] {
    return this.synapses.afferents.map((_, p) => this.synapses.smallestDelay(p))
  }

  /** Starts a mini-batch of trials at t = 0; nothing of an earlier run remains. */
  begin(options: KernelOptions): void {
    const { trials, whole, trackSilent, gradients } = options
    const shape: RunShape = { trials, slots: whole ? 1 : trials, trackSilent, gradients }
    if (this.run === null || !sameShape(this.run.shape, shape)) this.run = layOutRun(this.values, this.layout, shape)
    const { memory, neurons, parameters, peaks } = this.run
    memory.f64.set(this.parameters, parameters)
    peaks?.clear()
    neurons.clear()
    if (neurons instanceof LifNeurons) neurons.stopAfterFirst = options.stopAfterFirst
    for (let slot = 0; slot < shape.slots; slot++) {
      neurons.reset(slot)
      this.queues[slot] ??= new Arrivals(this.synapses)
      this.queues[slot]?.clear()
    }
    this.options = options
    this.inbox.begin(options)
    this.steps = []
    this.reached = 0
  }

  /** Takes a spike batch that arrives through projection p. */
  receive(p: number, batch: SpikeBatch): void {
    this.inbox.receive(p, batch)
  }

  /**
   * Runs every arrival before `arrivalsBefore` and every spike before `spikesBefore` (the same instant, or the next
   * double: spikes at an instant precede its arrivals), and returns the spikes in event order.
   */
  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const { run, options } = this.running()
    const { neurons } = run
    const { trials, until, gradients, whole } = options
    const firstRecord = neurons instanceof LifNeurons ? neurons.beginStep(gradients) : 0
    const starts = new Int32Array(trials + 1)
    const last = nextDown(Math.min(spikesBefore, until))
    for (let trial = 0; trial < trials; trial++) {
      const slot = whole ? 0 : trial
      const queue = this.queueOf(slot)
      if (whole) {
        neurons.reset(slot)
        queue.clear()
      }
      this.inbox.fillForward(queue, trial, this.delays)
      this.advanceTrial(run, slot, trial, arrivalsBefore, last)
      if (arrivalsBefore >= until) this.finishTrial(run, slot, trial, until)
      if (neurons instanceof LifNeurons) starts[trial + 1] = neurons.stepCount
    }
    this.inbox.markQueued()
    if (gradients) this.steps.push({ start: this.reached, firstRecord })
    this.reached = arrivalsBefore
    return neurons instanceof LifNeurons ? emitSpikes(neurons, firstRecord, starts) : noSpikes(trials)
  }

  /** The earliest instant at which something can happen here: a queued arrival or an own event. */
  nextEvent(): number {
    const { run, options } = this.running()
    const { size } = this.values
    let next = Infinity
    for (let trial = 0; trial < options.trials; trial++) {
      const queue = this.queueOf(trial)
      this.inbox.fillForward(queue, trial, this.delays)
      if (queue.from < queue.to) next = Math.min(next, real(queue.times, queue.from))
      if (run.neurons instanceof LifNeurons)
        for (let n = 0; n < size; n++) next = Math.min(next, run.neurons.nextEvent(trial * size + n, n))
    }
    this.inbox.markQueued()
    return next
  }

  private advanceTrial(run: KernelRun, slot: number, trial: number, arrivalsBefore: number, last: number): void {
    const { neurons, memory } = run
    const { size } = this.values
    const { targets } = this.synapses
    const queue = this.queueOf(slot)
    const { from, to } = queue.takeBefore(arrivalsBefore)
    const [state, record] = [slot * size, trial * size]
    const weights = run.parameters + this.layout.weights
    for (let k = from; k < to; k++) {
      const synapse = integer(queue.synapses, k)
      const n = integer(targets, synapse)
      const time = real(queue.times, k)
      if (neurons instanceof LifNeurons) neurons.settle(state + n, n, record + n, time)
      neurons.arrive(state + n, n, record + n, time, real(memory.f64, weights + synapse))
    }
    if (neurons instanceof LifNeurons) for (let n = 0; n < size; n++) neurons.settle(state + n, n, record + n, last)
  }

  private finishTrial({ neurons }: KernelRun, slot: number, trial: number, until: number): void {
    const { size } = this.values
    for (let n = 0; n < size; n++) neurons.finish(slot * size + n, n, trial * size + n, until)
  }

  /**
   * Starts the backward pass at the end of the trials.
   *
   * @param peakGradients dL/d(max V) per (trial, neuron), for LI readouts and for the hinge of silent neurons
   */
  beginBackward(peakGradients: Float64Array | null): void {
    const { run, options } = this.running()
    const { adjoint } = run
    adjoint.peakGradients = peakGradients
    if (adjoint instanceof LifAdjoint) {
      adjoint.undefinedSlope = options.undefinedSlope
      adjoint.grazing = 0
    }
    if (!options.whole)
      for (let trial = 0; trial < options.trials; trial++) {
        this.beginTrialBackward(run, trial, trial)
        this.queueOf(trial).clear()
      }
    this.inbox.beginBackward()
    this.answers.reserve(this.inbox)
  }

  /** Undoes the last step that is not yet undone; `deltas` has one value per spike it emitted, in order. */
  retreat(deltas: Float64Array): void {
    const { run, options } = this.running()
    const step = this.steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    if (run.adjoint instanceof LifAdjoint) run.adjoint.deltas = deltas
    for (let trial = 0; trial < options.trials; trial++) {
      const slot = options.whole ? 0 : trial
      if (options.whole) {
        this.beginTrialBackward(run, slot, trial)
        this.queueOf(slot).clear()
      }
      this.inbox.fillBackward(this.queueOf(slot), trial, step.start, this.delays)
      this.retreatTrial(run, slot, trial, step)
      if (this.steps.length === 0) this.finishTrialBackward(run, slot, trial)
      if (options.whole) this.closeTrial(run, trial)
    }
    this.inbox.markUndone(step.start)
    this.reached = step.start
  }

  private beginTrialBackward({ adjoint, neurons }: KernelRun, slot: number, trial: number): void {
    const { size } = this.values
    adjoint.reset(slot)
    for (let n = 0; n < size; n++) adjoint.setArrivals(slot * size + n, neurons.arrivals(trial * size + n))
    if (adjoint instanceof LifAdjoint) adjoint.begin(slot, trial)
  }

  private retreatTrial(run: KernelRun, slot: number, trial: number, step: Step): void {
    const { adjoint, memory } = run
    const { size } = this.values
    const { targets, projection, ownDelay } = this.synapses
    const { layout } = this
    const g = run.gradientOffsets(slot)
    const queue = this.queueOf(slot)
    const { from, to } = queue.takeFrom(step.start)
    const f64 = memory.f64
    const weights = run.parameters + layout.weights
    for (let k = to - 1; k >= from; k--) {
      const synapse = integer(queue.synapses, k)
      const n = integer(targets, synapse)
      const i = slot * size + n
      const time = real(queue.times, k)
      if (adjoint instanceof LifAdjoint) adjoint.settle(i, n, time, g)
      adjoint.arrive(i, n, trial * size + n, time, real(f64, weights + synapse), g)
      const { event, dWeight } = adjoint
      if (dWeight === 0 && event === 0) continue
      f64[g.weights + synapse] = real(f64, g.weights + synapse) + dWeight
      const own = integer(ownDelay, synapse)
      if (own >= 0) f64[g.delays + own] = real(f64, g.delays + own) + event
      this.answers.add(integer(projection, synapse), integer(queue.spikes, k), n, event)
    }
    if (adjoint instanceof LifAdjoint)
      for (let n = 0; n < size; n++) adjoint.settleStep(slot * size + n, n, step.firstRecord, g)
  }

  private finishTrialBackward(run: KernelRun, slot: number, trial: number): void {
    const { size } = this.values
    const g = run.gradientOffsets(slot)
    for (let n = 0; n < size; n++) run.adjoint.finish(slot * size + n, n, trial * size + n, g)
  }

  /** A trial that ran whole is undone: its rows become answers, its gradients join the sum. */
  private closeTrial(run: KernelRun, trial: number): void {
    this.answers.readWholeTrial(this.inbox, trial, run.memory.f64, run.gradientOffsets(0).shared)
    this.sum.take(run.memory.f64, run.gradients)
  }

  /** Answers to batches all of whose arrivals are undone by now, the last batch of each projection first. */
  takeAnswers(): readonly KernelAnswer[] {
    const { run, options } = this.running()
    const reached = this.steps.length === 0 ? 0 : this.reached
    const taken: KernelAnswer[] = []
    this.synapses.afferents.forEach((_, projection) => {
      for (;;) {
        const entry = this.inbox.takeAnswerable(projection, reached)
        if (entry === null) return
        const { batch, first, values } = entry
        for (let trial = 0; trial < options.trials && !options.whole; trial++) {
          const row = first + (batch.offsets[trial] as number)
          this.answers.readTrial(projection, entry, { trial, row }, run.memory.f64, run.gradientOffsets(trial).shared)
        }
        taken.push({ projection, batch, values })
      }
    })
    return taken
  }

  /** Sums over trials and blocks; returns the gradient in the places of the parameters. Call after the last answers. */
  finishGradient(): Float64Array {
    const { run, options } = this.running()
    const { layout, gradient } = this
    if (!options.whole)
      for (let trial = 0; trial < options.trials; trial++)
        this.sum.take(run.memory.f64, run.gradients + trial * layout.gradientLength)
    this.sum.finish(gradient)
    sumSharedDelays(gradient, layout, this.synapses)
    return gradient.subarray(0, layout.length)
  }

  /** Voltage maxima of an LI readout, or of silent LIF neurons when tracked: row-major [trial][unit]. */
  maxima(): { readonly values: Float64Array; readonly times: Float64Array } {
    const { run, options } = this.running()
    const count = options.trials * this.values.size
    const values = new Float64Array(count)
    const times = new Float64Array(count)
    if (run.peaks !== null)
      for (let record = 0; record < count; record++) {
        values[record] = run.peaks.value(record)
        times[record] = run.peaks.time(record)
      }
    return { values, times }
  }

  /** Whether LIF neuron n has not fired in a trial of the present run. */
  isSilent(trial: number, n: number): boolean {
    const { neurons } = this.running().run
    return neurons instanceof LifNeurons && neurons.head(trial * this.values.size + n) < 0
  }

  /** Grazing crossings the backward pass met. */
  get grazing(): number {
    const { adjoint } = this.running().run
    return adjoint instanceof LifAdjoint ? adjoint.grazing : 0
  }

  private queueOf(slot: number): Arrivals {
    return this.queues[slot] as Arrivals
  }

  private running(): { readonly run: KernelRun; readonly options: KernelOptions } {
    if (this.run === null || this.options === null) throw new InternalError('The kernel has not begun a run.')
    return { run: this.run, options: this.options }
  }
}

function sameShape(a: RunShape, b: RunShape): boolean {
  return a.trials === b.trials && a.slots === b.slots && a.trackSilent === b.trackSilent && a.gradients === b.gradients
}
