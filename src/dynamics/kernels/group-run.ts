import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { ReturnedGradients } from '../timeline/received-batches.js'
import type { GroupTerms, Kernel, KernelProtocol } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'
import { PerturbedInputs } from './perturbed-inputs.js'
import { NO_OPERATORS, type OperatorsOf, RoutedInputs } from './routed-inputs.js'
import { SpikeLimiter } from './spike-limiter.js'

/** A kernel with what stands around it: before its inputs operators and then noise, behind it the limit of its spikes. */
export class GroupRun implements KernelProtocol<GroupTerms> {
  readonly kernel: Kernel
  private readonly routes: RoutedInputs
  private readonly noisyInputs: PerturbedInputs
  private readonly limiter: SpikeLimiter

  /** @param operatorsOf the operators of a projection; default: none */
  constructor(kernel: Kernel, operatorsOf: OperatorsOf = NO_OPERATORS) {
    this.kernel = kernel
    this.routes = new RoutedInputs(kernel.inputs, operatorsOf)
    this.noisyInputs = new PerturbedInputs(kernel.inputs, () => kernel.synapses)
    this.limiter = new SpikeLimiter(kernel.values)
  }

  smallestDelays(): readonly number[] {
    return this.kernel.smallestDelays().map((delay, input) => this.routes.smallestDelay(input, delay))
  }

  begin(options: KernelOptions): void {
    this.prepare(options)
    this.kernel.begin(options)
  }

  resume(options: KernelOptions, start: number, saved: KernelState): void {
    this.prepare(options)
    const { state, batches } = this.routes.resume(saved, start)
    this.kernel.resume(options, start, state)
    for (const { input, batch } of batches) this.pass(input, batch)
  }

  private prepare(options: KernelOptions): void {
    if (options.microBatch !== undefined && !this.kernel.runsMicroBatches)
      throw new InternalError(`The kernel of "${this.kernel.values.name}" runs all trials at once.`)
    this.noisyInputs.begin(options)
    this.routes.begin(options)
    this.limiter.begin(options)
  }

  saveState(): KernelState {
    return this.routes.saved(this.kernel.saveState())
  }

  receive(input: number, batch: SpikeBatch): void {
    this.pass(input, this.routes.route(input, batch))
  }

  private pass(input: number, batch: SpikeBatch): void {
    this.kernel.receive(input, this.noisyInputs.perturb(input, batch))
  }

  reach(horizon: number, outputBound?: number): number {
    return this.kernel.reach(horizon, outputBound)
  }

  nextEvent(): number {
    return Math.min(this.kernel.nextEvent(), this.routes.nextLeaving())
  }

  /** See `Kernel.advance`. */
  advance(arrivalsBefore: number, spikesBefore?: number): SpikeTrains {
    const spikes = this.kernel.advance(arrivalsBefore, spikesBefore)
    this.limiter.count(spikes)
    return spikes
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.kernel.beginBackward(peakGradients)
  }

  backward(deltas: Float64Array): void {
    this.kernel.backward(deltas)
  }

  takeReturned(): readonly ReturnedGradients[] {
    const { kernel } = this
    return this.routes.restore(this.noisyInputs.restore(kernel.takeReturned(), kernel), kernel)
  }
}
