import { InternalError } from '../../../events/errors.js'
import { integer, real } from '../../models/memory.js'
import type { Arrivals } from '../../timeline/arrivals.js'
import type { ReturnedGradients } from '../../timeline/received-batches.js'
import type { TrialGradients } from '../../timeline/trial-gradients.js'
import type { KernelPass, Step } from './forward-pass.js'

/** Undoes the steps of a forward pass in reverse, arrival by arrival, and collects gradients and what returns. */
export class BackwardPass {
  private readonly pass: KernelPass
  private readonly gradients: TrialGradients
  private sent = { events: 0, delaysPerSynapse: 0 }

  constructor(pass: KernelPass, gradients: TrialGradients) {
    this.pass = pass
    this.gradients = gradients
    const { options, arrivals, pulse, run } = pass
    gradients.begin({ options, arrivals, pulse, memory: run.memory, gradients: run.gradients })
  }

  /**
   * See `GroupKernel.beginBackward`.
   *
   * @param reached how far the forward pass went
   */
  begin(peakGradients: Float64Array | null, reached: number): void {
    const { run, options, pulse } = this.pass
    const { trials, whole, undefinedSlope, rateBand } = options
    run.adjoint.begin({ peakGradients, undefinedSlope, rateBand, pulse })
    if (!whole) for (let trial = 0; trial < trials; trial++) this.beginTrial(trial, trial)
    this.gradients.beginBackward(reached)
  }

  /** See `GroupKernel.backward`. */
  backward(deltas: Float64Array): void {
    const { run, options, arrivals, pulse, steps } = this.pass
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    run.adjoint.beginStep(deltas)
    for (let trial = 0; trial < options.trials; trial++) {
      pulse.beat()
      const slot = options.whole ? 0 : trial
      if (options.whole) this.beginTrial(slot, trial)
      this.backwardTrial(slot, trial, step, arrivals.backward(trial, step.start))
      if (steps.length === 0) this.finishTrial(slot, trial)
      if (options.whole) this.gradients.closeWhole(trial)
    }
    arrivals.markUndone(step.start)
    this.takeTraffic()
  }

  /** See `GroupKernel.takeReturned`. */
  takeReturned(): readonly ReturnedGradients[] {
    return this.gradients.takeReturned()
  }

  /** Writes the gradients, summed over the trials, to `into`. */
  finish(into: Float64Array): void {
    this.gradients.finish(into)
    this.takeTraffic()
    this.pass.traffic.finish(this.pass)
  }

  private takeTraffic(): void {
    this.pass.traffic.backward(this.pass, this.gradients, this.sent)
    this.sent = { events: 0, delaysPerSynapse: 0 }
  }

  private beginTrial(slot: number, trial: number): void {
    const { adjoint, neurons } = this.pass.run
    const { size } = this.pass.layout
    adjoint.reset(slot, trial)
    for (let n = 0; n < size; n++) adjoint.setArrivals(slot * size + n, neurons.arrivals(trial * size + n))
  }

  private backwardTrial(slot: number, trial: number, step: Step, queue: Arrivals): void {
    const { run, synapses, layout, pulse } = this.pass
    const { adjoint, memory } = run
    const { targets, projection, ownDelay } = synapses
    const { size } = layout
    const g = run.gradientOffsets(slot)
    const { from, to } = queue.takeFrom(step.start)
    const f64 = memory.f64
    const weights = run.parameters + layout.weights
    for (let k = to - 1; k >= from; k--) {
      pulse.count(1)
      const synapse = integer(queue.synapses, k)
      const n = integer(targets, synapse)
      const i = slot * size + n
      const time = real(queue.times, k)
      adjoint.settle(i, n, time, g)
      adjoint.arrive(i, n, trial * size + n, time, real(f64, weights + synapse), g)
      const { event, dWeight } = adjoint
      if (dWeight === 0 && event === 0) continue
      this.sent.events++
      f64[g.weights + synapse] = real(f64, g.weights + synapse) + dWeight
      const own = integer(ownDelay, synapse)
      if (own >= 0) {
        f64[g.delays + own] = real(f64, g.delays + own) + event
        this.sent.delaysPerSynapse++
      }
      this.gradients.add(integer(projection, synapse), integer(queue.spikes, k), n, event)
    }
    for (let n = 0; n < size; n++) adjoint.settleStep(slot * size + n, n, step.firstRecord, g)
  }

  private finishTrial(slot: number, trial: number): void {
    const { run, layout } = this.pass
    const { size } = layout
    const g = run.gradientOffsets(slot)
    for (let n = 0; n < size; n++) run.adjoint.finish(slot * size + n, n, trial * size + n, g)
  }
}
