import { InternalError } from '../../../events/errors.js'
import type { KernelInput } from '../../inputs/kernel-input.js'
import type { ReceivedBatch, SpikeBuffer } from '../../inputs/spike-buffer.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import { TrialSum } from '../../parameters/trial-sum.js'
import type { Pulse } from '../../pulse.js'
import type { TrafficCounter } from '../../traffic/memory-traffic.js'
import type { ReturnedGradients } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import { ReturnedRows } from '../reference/returned-rows.js'
import { type ActorStep, type IntervalRecord, TAPED } from './actor-tape.js'
import type { GuardedActor } from './guarded-actor.js'

/** What a run of actors leaves to its backward pass. */
export interface ActorPass {
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly spikeBuffer: SpikeBuffer
  readonly inputs: readonly KernelInput[]
  readonly options: KernelOptions
  readonly pulse: Pulse
  readonly traffic: TrafficCounter
  /** One per trial. */
  readonly actors: readonly GuardedActor[]
  /** The steps taken forward and not yet undone. */
  readonly steps: ActorStep[]
}

/**
 * Undoes the steps of actors in reverse: each says what its arrivals do to the loss, and every arrival adds to the gradients
 * of its weight and delay and sends its gradient event to the spike it came from.
 */
export class ActorBackward {
  private readonly pass: ActorPass
  /** Whether modules are asked; if not, every gradient is 0. */
  private readonly passes: boolean
  private readonly returned: ReturnedRows
  /** One vector per trial; of trials that run whole, one for all. */
  private readonly gradients: Float64Array
  private readonly sum: TrialSum

  constructor(pass: ActorPass, passes: boolean) {
    const { synapses, layout, options } = pass
    this.pass = pass
    this.passes = passes
    this.returned = new ReturnedRows(synapses, layout)
    this.gradients = new Float64Array((options.whole ? 1 : options.trials) * layout.gradientLength)
    this.sum = new TrialSum(layout.gradientLength)
  }

  /** @param reached how far the forward pass went */
  begin(reached: number): void {
    const { spikeBuffer, pulse } = this.pass
    spikeBuffer.beginBackward(reached)
    this.returned.pulse = pulse
    this.returned.reserve(spikeBuffer)
  }

  /** Undoes the last step; `deltas` has one value per spike it emitted, in order. */
  backward(deltas: Float64Array): void {
    const { options, spikeBuffer, pulse, steps } = this.pass
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    let first = 0
    step.intervals.forEach((interval, trial) => {
      pulse.beat()
      const own = deltas.slice(first, first + interval.emitted)
      first += interval.emitted
      if (this.passes) this.backwardTrial(trial, interval, own, step.start)
      if (options.whole) this.closeTrial(trial)
    })
    spikeBuffer.markUndone(step.start)
  }

  takeReturned(): readonly ReturnedGradients[] {
    const { inputs, spikeBuffer, options } = this.pass
    return spikeBuffer.takeAllReturnable().map(({ input, entry }) => {
      // Those of trials that ran whole were summed one trial after the other.
      if (!options.whole) this.updateReturned(inputs[input]?.projection as number, entry)
      return { input, batch: entry.batch, values: entry.values }
    })
  }

  /** The gradients, summed over the trials. */
  finish(): Float64Array {
    const { options, layout } = this.pass
    const { gradientLength } = layout
    if (!options.whole)
      for (let trial = 0; trial < options.trials; trial++) this.sum.take(this.gradients, trial * gradientLength)
    const total = new Float64Array(gradientLength)
    this.sum.finish(total)
    return total
  }

  private backwardTrial(
    trial: number,
    { synapses: list, spikes }: IntervalRecord,
    deltas: Float64Array,
    start: number,
  ) {
    const { synapses, layout, actors, pulse, traffic } = this.pass
    const { times, weights } = (actors[trial] as GuardedActor).backward(deltas, list.length, start)
    const base = this.baseOf(trial)
    const { gradients } = this
    const add = (at: number, value: number) => {
      gradients[base + at] = (gradients[base + at] as number) + value
    }
    const { length } = list
    traffic.read('tape', length, TAPED)
    traffic.read('gradients', length, 8)
    traffic.write('gradients', length, 8)
    traffic.write('spikes', length, 8)
    for (let k = length - 1; k >= 0; k--) {
      pulse.count(1)
      const synapse = list[k] as number
      const event = times[k] as number
      add(layout.weights + synapse, weights[k] as number)
      const own = synapses.ownDelay[synapse] as number
      if (own >= 0) add(layout.delays + own, event)
      const neuron = synapses.targets[synapse] as number
      this.returned.add(synapses.projection[synapse] as number, spikes[k] as number, neuron, event)
    }
  }

  /** Brings the gradients returned for a batch up to date. */
  private updateReturned(projection: number, entry: ReceivedBatch): void {
    const { options, layout } = this.pass
    for (let trial = 0; trial < options.trials; trial++) {
      const row = entry.first + (entry.batch.offsets[trial] as number)
      this.returned.readTrial(projection, entry, { trial, row }, this.gradients, this.baseOf(trial) + layout.shared)
    }
  }

  private baseOf(trial: number): number {
    return this.pass.options.whole ? 0 : trial * this.pass.layout.gradientLength
  }

  /** A trial that ran whole is undone: its rows become returned gradients, its own gradients join the sum. */
  private closeTrial(trial: number): void {
    const { spikeBuffer, layout } = this.pass
    this.returned.readWholeTrial(spikeBuffer, trial, this.gradients, layout.shared)
    this.sum.take(this.gradients, 0)
  }
}
