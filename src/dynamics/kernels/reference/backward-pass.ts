import { InternalError } from '../../../events/errors.js'
import type { ReceivedBatch } from '../../inputs/spike-buffer.js'
import { integer, real } from '../../models/memory.js'
import type { TrialSum } from '../../parameters/trial-sum.js'
import type { ReturnedGradients } from '../kernel.js'
import { type KernelPass, queueOf, type Step } from './kernel-pass.js'
import type { ReturnedRows } from './returned-rows.js'

/** Undoes the steps of a forward pass in reverse, arrival by arrival, and collects gradients and what returns. */
export class BackwardPass {
  private readonly pass: KernelPass
  private readonly returned: ReturnedRows
  private readonly sum: TrialSum
  private isOpen = false
  private sent = { events: 0, ownDelays: 0 }

  /** @param sum takes the gradients of the trials in their order */
  constructor(pass: KernelPass, returned: ReturnedRows, sum: TrialSum) {
    this.pass = pass
    this.returned = returned
    this.sum = sum
  }

  /**
   * See `GroupKernel.beginBackward`.
   *
   * @param reached how far the forward pass went
   */
  begin(peakGradients: Float64Array | null, reached: number): void {
    const { run, options, spikeBuffer, pulse } = this.pass
    const { trials, whole, undefinedSlope, rateBand } = options
    run.adjoint.begin({ peakGradients, undefinedSlope, rateBand, pulse })
    if (!whole) for (let trial = 0; trial < trials; trial++) this.beginTrial(trial, trial)
    spikeBuffer.beginBackward(reached)
    this.returned.pulse = pulse
    this.returned.reserve(spikeBuffer)
    this.isOpen = true
  }

  /** It has begun and was not finished: sums and gradients of its trials are half made. */
  get isBrokenOff(): boolean {
    return this.isOpen
  }

  /** See `GroupKernel.backward`. */
  backward(deltas: Float64Array): void {
    const { run, options, spikeBuffer, delays, pulse, steps } = this.pass
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    run.adjoint.beginStep(deltas)
    for (let trial = 0; trial < options.trials; trial++) {
      pulse.beat()
      const slot = options.whole ? 0 : trial
      if (options.whole) this.beginTrial(slot, trial)
      spikeBuffer.fillBackward(queueOf(this.pass, slot), trial, step.start, delays)
      this.backwardTrial(slot, trial, step)
      if (steps.length === 0) this.finishTrial(slot, trial)
      if (options.whole) this.closeTrial(trial)
    }
    spikeBuffer.markUndone(step.start)
    this.takeTraffic()
  }

  /** See `GroupKernel.takeReturned`. */
  takeReturned(): readonly ReturnedGradients[] {
    const { inputs, spikeBuffer } = this.pass
    return spikeBuffer.takeAllReturnable().map(({ input, entry }) => {
      this.updateReturned(inputs[input]?.projection as number, entry)
      return { input, batch: entry.batch, values: entry.values }
    })
  }

  /** Writes the gradients, summed over the trials, to `into`. */
  finish(into: Float64Array): void {
    const { run, options, layout, pulse } = this.pass
    if (!options.whole)
      for (let trial = 0; trial < options.trials; trial++) {
        pulse.beat()
        this.sum.take(run.memory.f64, run.gradients + trial * layout.gradientLength)
      }
    this.sum.finish(into)
    this.takeTraffic()
    this.pass.traffic.finish(this.pass)
    this.isOpen = false
  }

  private takeTraffic(): void {
    this.pass.traffic.backward(this.pass, this.returned, this.sent)
    this.sent = { events: 0, ownDelays: 0 }
  }

  private beginTrial(slot: number, trial: number): void {
    const { adjoint, neurons } = this.pass.run
    const { size } = this.pass.layout
    adjoint.reset(slot, trial)
    for (let n = 0; n < size; n++) adjoint.setArrivals(slot * size + n, neurons.arrivals(trial * size + n))
    queueOf(this.pass, slot).clear()
  }

  private backwardTrial(slot: number, trial: number, step: Step): void {
    const { run, synapses, layout, pulse } = this.pass
    const { adjoint, memory } = run
    const { targets, projection, ownDelay } = synapses
    const { size } = layout
    const g = run.gradientOffsets(slot)
    const queue = queueOf(this.pass, slot)
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
        this.sent.ownDelays++
      }
      this.returned.add(integer(projection, synapse), integer(queue.spikes, k), n, event)
    }
    for (let n = 0; n < size; n++) adjoint.settleStep(slot * size + n, n, step.firstRecord, g)
  }

  /** Brings the gradients returned for a batch up to date. */
  private updateReturned(projection: number, entry: ReceivedBatch): void {
    const { run, options } = this.pass
    // Those of trials that ran whole were summed one trial after the other.
    if (options.whole) return
    for (let trial = 0; trial < options.trials; trial++) {
      const row = entry.first + (entry.batch.offsets[trial] as number)
      this.returned.readTrial(projection, entry, { trial, row }, run.memory.f64, run.gradientOffsets(trial).shared)
    }
  }

  private finishTrial(slot: number, trial: number): void {
    const { run, layout } = this.pass
    const { size } = layout
    const g = run.gradientOffsets(slot)
    for (let n = 0; n < size; n++) run.adjoint.finish(slot * size + n, n, trial * size + n, g)
  }

  /** A trial that ran whole is undone: its rows become returned gradients, its own gradients join the sum. */
  private closeTrial(trial: number): void {
    const { run, spikeBuffer } = this.pass
    this.returned.readWholeTrial(spikeBuffer, trial, run.memory.f64, run.gradientOffsets(0).shared)
    this.sum.take(run.memory.f64, run.gradients)
  }
}
