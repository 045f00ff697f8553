import { InternalError } from '../events/errors.js'
import type { SpikeBatch } from '../events/spike-batch.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { LifValues, LiValues, ProjectionValues } from '../network/instance.js'
import type { TreeNode } from '../numerics/tree-nodes.js'
import { Answers } from './answers.js'
import { Arrivals } from './arrivals.js'
import { BackwardPass, type KernelAnswer } from './backward-pass.js'
import { ForwardPass } from './forward-pass.js'
import { Inbox } from './inbox.js'
import { type KernelInput, kernelInputs, type SourceSlices } from './kernel-input.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelPass } from './kernel-pass.js'
import { type KernelRun, layOutRun, type RunShape } from './kernel-run.js'
import { hasSharedDelays, type ParameterLayout, parameterLayout } from './parameter-layout.js'
import { initialParameters } from './parameter-vector.js'
import { Pulse } from './pulse.js'
import { combineShares, type DelayShares, sharesOf } from './shared-delays.js'
import { Synapses } from './synapses.js'
import { TrialSum } from './trial-sum.js'

export type { KernelAnswer } from './backward-pass.js'
export type { KernelOptions } from './kernel-options.js'

/** A run in progress. */
interface Passes {
  readonly run: KernelRun
  readonly trials: number
  readonly forward: ForwardPass
  /** Null unless gradients are wanted. */
  readonly backward: BackwardPass | null
}

/** Where gradients are summed over the trials; as large as the parameters and more, so made when first wanted. */
interface GradientSum {
  readonly trials: TrialSum
  readonly total: Float64Array
}

/**
 * The reference kernel of one group, or of a slice of it, and the synapses into it: forward and adjoint, deterministic
 * functions of the spike batches handed to it. No bit depends on how a group is cut into slices.
 *
 * Forward: `begin`, then `receive` batches and `advance` window by window. Backward: `beginBackward`, then `retreat`
 * step by step in reverse, collecting `takeAnswers`, then `finishGradient`.
 */
export class GroupKernel {
  readonly values: LifValues | LiValues
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  /** One per stream that arrives here, by (projection, slice of its source). */
  readonly inputs: readonly KernelInput[]
  /** The learnable numbers, see `ParameterLayout`; call `parametersChanged` after writing. */
  readonly parameters: Float64Array
  private readonly inbox: Inbox
  private answers: Answers
  private sum: GradientSum | null = null
  private readonly queues: Arrivals[] = []
  private run: KernelRun | null = null
  private passes: Passes | null = null

  /** @param sourceSlices how the sources of the projections are cut; default: each is whole */
  constructor(values: LifValues | LiValues, projections: readonly ProjectionValues[], sourceSlices?: SourceSlices) {
    this.values = values
    this.synapses = new Synapses(projections)
    this.layout = parameterLayout(this.synapses, values)
    this.inputs = kernelInputs(this.synapses.afferents, sourceSlices)
    this.parameters = initialParameters(values, projections, this.layout)
    this.inbox = new Inbox(this.synapses, this.inputs, this.layout.nodes.length)
    this.answers = new Answers(this.synapses, this.layout)
    this.parametersChanged()
  }

  /** Delays may have changed: fan-outs follow their order. */
  parametersChanged(): void {
    this.synapses.followDelays(this.delays)
    this.inbox.followDelays(this.delays)
  }

  get delays(): Float64Array {
    return this.parameters.subarray(this.layout.delays, this.layout.bias)
  }

  /** The subtrees over the whole group's blocks that an answer has sums of; one for a whole group. */
  get answerNodes(): readonly TreeNode[] {
    return this.layout.nodes
  }

  /** The smallest current delay of each input: how far its watermarks reach ahead. Infinity where there are no synapses. */
  smallestDelays(): readonly number[] {
    return this.inputs.map((_, input) => this.inbox.smallestDelay(input))
  }

  /** Starts a mini-batch of trials at t = 0; nothing of an earlier run remains. */
  begin(options: KernelOptions): void {
    const { trials, whole, trackSilent, gradients, stopAfterFirst } = options
    if (this.passes?.backward?.isBrokenOff) this.forgetSums()
    const shape: RunShape = { trials, slots: whole ? 1 : trials, trackSilent, gradients }
    if (this.run === null || !sameShape(this.run.shape, shape)) this.run = layOutRun(this.values, this.layout, shape)
    const { run, inputs, synapses, layout, delays, inbox, queues } = this
    const pulse = new Pulse(options.beat)
    run.memory.f64.set(this.parameters, run.parameters)
    run.peaks?.clear()
    run.neurons.begin({ stopAfterFirst, pulse })
    while (queues.length < shape.slots) queues.push(new Arrivals(synapses))
    for (let slot = 0; slot < shape.slots; slot++) run.neurons.reset(slot)
    for (const queue of queues) queue.begin(pulse)
    inbox.begin(options)
    const pass: KernelPass = { run, options, pulse, inputs, synapses, layout, delays, inbox, queues, steps: [] }
    const backward = gradients ? new BackwardPass(pass, this.answers, this.gradientSum().trials) : null
    this.passes = { run, trials, forward: new ForwardPass(pass), backward }
  }

  /** Takes a spike batch of an input; batches of one input come in order. */
  receive(input: number, batch: SpikeBatch): void {
    this.inbox.receive(input, batch)
  }

  /**
   * Runs every arrival before `arrivalsBefore` and every spike before `spikesBefore` (the same instant, or the next
   * double: spikes at an instant precede its arrivals), and returns the spikes in event order. Units are numbers in the
   * whole group.
   */
  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    return this.running().forward.advance(arrivalsBefore, spikesBefore)
  }

  /** The earliest instant at which something can happen here: a queued arrival or an own event. */
  nextEvent(): number {
    return this.running().forward.nextEvent()
  }

  /**
   * Starts the backward pass at the end of the trials.
   *
   * @param peakGradients dL/d(max V) per (trial, neuron held), for LI readouts and for the hinge of silent neurons
   */
  beginBackward(peakGradients: Float64Array | null): void {
    this.backward().begin(peakGradients, this.running().forward.reached)
  }

  /** Undoes the last step that is not yet undone; `deltas` has one value per spike it emitted, in order. */
  retreat(deltas: Float64Array): void {
    this.backward().retreat(deltas)
  }

  /** Answers to batches all of whose arrivals are undone by now, the last batch of each input first. */
  takeAnswers(): readonly KernelAnswer[] {
    return this.backward().takeAnswers()
  }

  /**
   * Sums over trials and blocks; returns the gradient in the places of the parameters. Call after the last answers.
   *
   * The kernel of a whole group fills in the gradients of shared delays. For a slice their places are 0 until
   * `setSharedGradient` is told what `combineShares` made of the `shares` of all slices.
   */
  finishGradient(): Float64Array {
    const { layout, values, synapses } = this
    const gradient = this.gradientSum().total
    this.backward().finish(gradient)
    if (values.size === values.total)
      synapses.afferents.forEach(({ delayShape }, p) => {
        const shares = this.shares(p)
        if (shares !== null) this.setSharedGradient(p, combineShares(delayShape, layout.groupBlocks, [shares]))
      })
    return gradient.subarray(0, layout.length)
  }

  /** This slice's part in the gradient of a projection's shared delays, after `finishGradient`; null if none are shared. */
  shares(projection: number): DelayShares | null {
    const afferent = this.synapses.afferents[projection]
    if (afferent === undefined || !hasSharedDelays(afferent)) return null
    return sharesOf(
      this.gradientSum().total,
      this.layout,
      this.layout.sharedBase[projection] as number,
      afferent.sourceSize,
    )
  }

  /** Writes the gradient of a projection's shared delays into the vector that `finishGradient` returned. */
  setSharedGradient(projection: number, values: Float64Array): void {
    const afferent = this.synapses.afferents[projection]
    if (afferent === undefined || values.length !== afferent.delayCount)
      throw new InternalError(`Projection ${projection} does not have ${values.length} delays.`, { projection })
    this.gradientSum().total.set(values, this.layout.delays + afferent.delayBase)
  }

  /** Voltage maxima of an LI readout, or of silent LIF neurons when tracked: row-major [trial][neuron held]. */
  maxima(): { readonly values: Float64Array; readonly times: Float64Array } {
    const { run, trials } = this.running()
    const count = trials * this.values.size
    const values = new Float64Array(count)
    const times = new Float64Array(count)
    if (run.peaks !== null)
      for (let record = 0; record < count; record++) {
        values[record] = run.peaks.value(record)
        times[record] = run.peaks.time(record)
      }
    return { values, times }
  }

  /** Whether the n-th LIF neuron held has not fired in a trial of the present run. */
  isSilent(trial: number, n: number): boolean {
    return this.running().run.neurons.isSilent(trial * this.values.size + n)
  }

  /** Grazing crossings the backward pass met. */
  get grazing(): number {
    return this.running().run.adjoint.grazing
  }

  private backward(): BackwardPass {
    const { backward } = this.running()
    if (backward === null) throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return backward
  }

  /** A backward pass was broken off: what it has summed so far must not reach the next one. */
  private forgetSums(): void {
    this.run = null
    this.sum = null
    this.answers = new Answers(this.synapses, this.layout)
  }

  private gradientSum(): GradientSum {
    const { gradientLength } = this.layout
    this.sum ??= { trials: new TrialSum(gradientLength), total: new Float64Array(gradientLength) }
    return this.sum
  }

  private running(): Passes {
    if (this.passes === null) throw new InternalError('The kernel has not begun a run.')
    return this.passes
  }
}

function sameShape(a: RunShape, b: RunShape): boolean {
  return a.trials === b.trials && a.slots === b.slots && a.trackSilent === b.trackSilent && a.gradients === b.gradients
}
