import { InternalError } from '../../../events/errors.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { NeuronValues, ProjectionValues } from '../../../network/instance/instance.js'
import { Arrivals } from '../../inputs/arrivals.js'
import type { SourceSlices } from '../../inputs/kernel-input.js'
import { SpikeBuffer } from '../../inputs/spike-buffer.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import { haveSameTaus, type TauValues, tausIn } from '../../parameters/tau-values.js'
import { TrialSum } from '../../parameters/trial-sum.js'
import { Pulse } from '../../pulse.js'
import type { MemoryTraffic } from '../../traffic/memory-traffic.js'
import { Kernel, type KernelMaxima, type ReturnedGradients } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { BackwardPass } from './backward-pass.js'
import { ForwardPass } from './forward-pass.js'
import { GroupTraffic } from './group-traffic.js'
import type { KernelPass } from './kernel-pass.js'
import { type KernelRun, layOutRun, type RunShape } from './kernel-run.js'
import { ReturnedRows } from './returned-rows.js'

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
 * The reference kernel: plain and slow, it reads like the model, runs every kind of group, and takes time in any windows.
 * It is what the other kernel is held against.
 */
export class GroupKernel extends Kernel<NeuronValues> {
  readonly parameters: Float64Array
  private readonly spikeBuffer: SpikeBuffer
  private returned: ReturnedRows
  private sum: GradientSum | null = null
  private readonly queues: Arrivals[] = []
  private readonly traffic = new GroupTraffic()
  private run: KernelRun | null = null
  private passes: Passes | null = null
  /** The time constants that the run is laid out for. */
  private taus: TauValues

  /** @param sourceSlices how the sources of the projections are cut; default: each is whole */
  constructor(values: NeuronValues, projections: readonly ProjectionValues[], sourceSlices?: SourceSlices) {
    super(values, projections, sourceSlices)
    this.parameters = initialParameters(values, projections, this.layout)
    this.spikeBuffer = new SpikeBuffer(this.synapses, this.inputs, this.layout.returnedNodes.length)
    this.returned = new ReturnedRows(this.synapses, this.layout)
    this.taus = tausIn(this.parameters, this.layout)
    this.parametersChanged()
  }

  /** Delays may have changed: fan-outs follow their order. Time constants may have: neurons are laid out anew. */
  parametersChanged(): void {
    const taus = tausIn(this.parameters, this.layout)
    if (!haveSameTaus(taus, this.taus)) {
      this.taus = taus
      this.run = null
    }
    this.synapses.followDelays(this.delays)
    this.spikeBuffer.followDelays(this.delays)
  }

  begin(options: KernelOptions): void {
    this.start(options, 0)
  }

  override resume(options: KernelOptions, start: number, { columns, inFlight }: KernelState): void {
    if (options.whole || options.gradients) throw new InternalError('Only a run in windows goes on, and only forward.')
    const { neurons } = this.start(options, start)
    neurons.restoreState(columns)
    // How neurons came to this state was counted in the run that saved it.
    neurons.takeCount()
    this.spikeBuffer.receiveInFlight(inFlight, start, options.trials)
  }

  override saveState(): KernelState {
    const { run, forward, trials } = this.running()
    return { columns: run.neurons.saveState(), inFlight: this.spikeBuffer.inFlight(forward.reached, trials) }
  }

  /** Everything at rest, at `start`. */
  private start(options: KernelOptions, start: number): KernelRun {
    const { trials, until, whole, trackSilent, gradients, stopAfterFirst, segmented = false } = options
    const tauGradient = gradients && options.tauGradient === true
    if (this.passes?.backward?.isBrokenOff) this.forgetSums()
    const integral = options.integral && { ...options.integral, until }
    const shape: RunShape = { trials, slots: whole ? 1 : trials, trackSilent, gradients, tauGradient, integral }
    if (this.run === null || !sameShape(this.run.shape, shape))
      this.run = layOutRun(this.values, this.layout, shape, this.taus)
    const { run, inputs, synapses, layout, delays, spikeBuffer, queues, traffic } = this
    const pulse = new Pulse(options.beat)
    run.memory.f64.set(this.parameters, run.parameters)
    run.peaks?.clear()
    // Those that a state says have fired may have done so under another limit.
    const { spikeLimit = Number.POSITIVE_INFINITY } = segmented ? {} : options
    run.neurons.begin({ stopAfterFirst, segmented, spikeLimit, pulse })
    while (queues.length < shape.slots) queues.push(new Arrivals(synapses))
    for (let slot = 0; slot < shape.slots; slot++) run.neurons.reset(slot)
    for (const queue of queues) queue.begin(pulse, start)
    spikeBuffer.begin(options)
    const pass: KernelPass = {
      run,
      options,
      pulse,
      inputs,
      synapses,
      layout,
      delays,
      spikeBuffer,
      queues,
      steps: [],
      traffic,
    }
    traffic.begin(pass)
    const backward = gradients ? new BackwardPass(pass, this.returned, this.gradientSum().trials) : null
    this.passes = { run, trials, forward: new ForwardPass(pass, start), backward }
    return run
  }

  memoryTraffic(): MemoryTraffic {
    return this.traffic.total()
  }

  override smallestDelays(): readonly number[] {
    return this.inputs.map((_, input) => this.spikeBuffer.smallestDelay(input))
  }

  receive(input: number, batch: SpikeBatch): void {
    this.spikeBuffer.receive(input, batch)
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

  sumGradient(): Float64Array {
    const { total } = this.gradientSum()
    this.backwardPass().finish(total)
    return total
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
    return this.running().run.integrators?.integrals() ?? super.integrals()
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

  /** A backward pass was broken off: what it has summed so far must not reach the next one. */
  private forgetSums(): void {
    this.run = null
    this.sum = null
    this.returned = new ReturnedRows(this.synapses, this.layout)
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

function sameShape({ integral, ...own }: RunShape, { integral: other, ...others }: RunShape): boolean {
  return sameFields(own, others) && sameFields(integral ?? {}, other ?? {})
}

/** Whatever fields there are. */
function sameFields<Fields extends object>(a: Fields, b: Fields): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof Fields)[]
  return names.every((name) => a[name] === b[name])
}
