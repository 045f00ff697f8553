import { InternalError } from '../../../events/errors.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { NeuronValues, ProjectionValues } from '../../../network/instance/instance.js'
import type { RunShape } from '../../models/neuron-run.js'
import { gradientViews, type LayoutPart } from '../../parameters/parameter-layout.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import { haveSameTaus, type TauValues, tausIn } from '../../parameters/tau-values.js'
import { Pulse } from '../../pulse.js'
import { ArrivalQueues } from '../../timeline/arrival-queues.js'
import type { SourceSlices } from '../../timeline/kernel-input.js'
import type { ReturnedGradients } from '../../timeline/received-batches.js'
import { TrialGradients } from '../../timeline/trial-gradients.js'
import type { MemoryTraffic } from '../../traffic/memory-traffic.js'
import { Kernel, type KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { BackwardPass } from './backward-pass.js'
import { ForwardPass, type KernelPass } from './forward-pass.js'
import { GroupTraffic } from './group-traffic.js'
import { type KernelRun, layOutRun } from './kernel-run.js'

/** A run in progress. */
interface Passes {
  readonly run: KernelRun
  readonly trials: number
  readonly forward: ForwardPass
  /** Null unless gradients are wanted. */
  readonly backward: BackwardPass | null
}

/**
 * The reference kernel: plain and slow, it reads like the model, runs every kind of group, and takes time in any windows.
 * It is what the other kernel is held against.
 */
export class GroupKernel extends Kernel<NeuronValues> {
  readonly parameters: Float64Array
  private readonly arrivals: ArrivalQueues
  /** As large as the parameters and more, so made when first wanted. */
  private gradients: TrialGradients | null = null
  private total: Float64Array | null = null
  private readonly traffic = new GroupTraffic()
  private run: KernelRun | null = null
  private passes: Passes | null = null
  /** The time constants that the run is laid out for. */
  private taus: TauValues

  /** @param sourceSlices how the sources of the projections are cut; default: each is whole */
  constructor(values: NeuronValues, projections: readonly ProjectionValues[], sourceSlices?: SourceSlices) {
    super(values, projections, sourceSlices)
    this.parameters = initialParameters(values, projections, this.layout)
    this.arrivals = new ArrivalQueues(this.synapses, this.inputs, this.layout.returnedNodes.length)
    this.taus = tausIn(this.parameters, this.layout)
    this.parametersChanged()
  }

  /**
   * Delays may have changed: fan-outs are sorted by them. Time constants may have changed: neurons are laid out again.
   */
  parametersChanged(): void {
    const taus = tausIn(this.parameters, this.layout)
    if (!haveSameTaus(taus, this.taus)) {
      this.taus = taus
      this.run = null
    }
    this.arrivals.followDelays(this.delays)
  }

  begin(options: KernelOptions): void {
    this.start(options, 0)
  }

  override resume(options: KernelOptions, start: number, { columns, inFlight }: KernelState): void {
    if (options.whole || options.gradients)
      throw new InternalError('Only a forward run in windows can resume from a state.')
    const { neurons } = this.start(options, start)
    neurons.restoreState(columns)
    // How neurons came to this state was counted in the run that saved it.
    neurons.takeCount()
    this.arrivals.receiveInFlight(inFlight, start)
  }

  override saveState(): KernelState {
    const { run, forward } = this.running()
    return { columns: run.neurons.saveState(), inFlight: this.arrivals.inFlight(forward.reached) }
  }

  /** Everything at rest, at `start`. */
  private start(options: KernelOptions, start: number): KernelRun {
    const { trials, until, whole, trackSilent, gradients, stopAfterFirst, segmented = false } = options
    const tauGradient = gradients && options.tauGradient === true
    if (this.gradients?.isBrokenOff === true) {
      // What it has summed so far must not reach the next one.
      this.run = null
      this.gradients = null
    }
    const integral = options.integral && { ...options.integral, until }
    const shape: RunShape = { trials, slots: whole ? 1 : trials, trackSilent, gradients, tauGradient, integral }
    if (this.run === null || !sameShape(this.run.shape, shape))
      this.run = layOutRun(this.values, this.layout, shape, this.taus)
    const { run, synapses, layout, arrivals, traffic } = this
    const pulse = new Pulse(options.beat)
    run.memory.f64.set(this.parameters, run.parameters)
    run.peaks?.clear()
    // Those that a state says have fired may have done so under another limit.
    const { spikeLimit = Number.POSITIVE_INFINITY } = segmented ? {} : options
    run.neurons.begin({ stopAfterFirst, segmented, spikeLimit, firstTrial: options.firstTrial ?? 0, pulse })
    for (let slot = 0; slot < shape.slots; slot++) run.neurons.reset(slot)
    arrivals.begin(options, pulse, start)
    const pass: KernelPass = { run, options, pulse, synapses, layout, arrivals, steps: [], traffic }
    traffic.begin(pass)
    if (gradients) this.gradients ??= new TrialGradients(synapses, layout)
    const backward = gradients && this.gradients !== null ? new BackwardPass(pass, this.gradients) : null
    this.passes = { run, trials, forward: new ForwardPass(pass, start), backward }
    return run
  }

  memoryTraffic(): MemoryTraffic {
    return this.traffic.total()
  }

  override smallestDelays(): readonly number[] {
    return this.arrivals.smallestDelays()
  }

  receive(input: number, batch: SpikeBatch): void {
    this.arrivals.receive(input, batch)
  }

  advance(arrivalsBefore: number, spikesBefore = arrivalsBefore): SpikeTrains {
    return this.running().forward.advance(arrivalsBefore, spikesBefore)
  }

  nextEvent(): number {
    return this.running().forward.nextEvent()
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.backwardPass().begin(peakGradients, this.running().forward.reached)
  }

  backward(deltas: Float64Array): void {
    this.backwardPass().backward(deltas)
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.backwardPass().takeReturned()
  }

  sumTrials(wanted?: readonly LayoutPart[]): readonly Float64Array[] {
    this.total ??= new Float64Array(this.layout.gradientLength)
    this.backwardPass().finish(this.total)
    return wanted === undefined ? [this.total] : gradientViews(this.layout, this.total, wanted)
  }

  protected gradientVector(): Float64Array {
    return this.total as Float64Array
  }

  maxima(): KernelMaxima {
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

  override integrals(): Float64Array {
    return this.running().run.integrals?.() ?? super.integrals()
  }

  isSilent(trial: number, n: number): boolean {
    return this.running().run.neurons.isSilent(trial * this.values.size + n)
  }

  get grazing(): number {
    return this.running().run.adjoint.grazing
  }

  private backwardPass(): BackwardPass {
    const { backward } = this.running()
    if (backward === null) throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return backward
  }

  private running(): Passes {
    if (this.passes === null) throw new InternalError('The kernel has not begun a run.')
    return this.passes
  }
}

function sameShape({ integral, ...own }: RunShape, { integral: other, ...others }: RunShape): boolean {
  return sameFields(own, others) && sameFields(integral ?? {}, other ?? {})
}

/** Whatever fields there are. */
function sameFields<Fields extends object>(a: Fields, b: Fields): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Fields)[]
  return names.every((name) => a[name] === b[name])
}
