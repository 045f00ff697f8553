import { InternalError } from '../../../events/errors.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import type { Pulse } from '../../pulse.js'
import type { ArrivalQueues } from '../../timeline/arrival-queues.js'
import type { Arrivals } from '../../timeline/arrivals.js'
import type { ReturnedGradients } from '../../timeline/received-batches.js'
import { TrialGradients } from '../../timeline/trial-gradients.js'
import type { TrafficCounter } from '../../traffic/memory-traffic.js'
import type { KernelOptions } from '../kernel-options.js'
import type { GuardedActor } from './guarded-actor.js'

/** What one trial of a step has met and done: enough to share out the gradients of its arrivals. */
export interface IntervalRecord {
  readonly synapses: Int32Array
  /** Ordinal of the causing spike of each arrival within its projection's input. */
  readonly spikes: Int32Array
  readonly emitted: number
}

/** Bytes of an arrival in a record. */
export const TAPED = 8

/** One `advance`: the instant it started from, and a record per trial. */
export interface ActorStep {
  readonly start: number
  readonly intervals: readonly IntervalRecord[]
}

/** A copy of the arrivals from … to - 1 of a queue. */
export function recordInterval(queue: Arrivals, from: number, to: number, emitted: number): IntervalRecord {
  return { synapses: queue.synapses.slice(from, to), spikes: queue.spikes.slice(from, to), emitted }
}

/** What a run of actors leaves to its backward pass. */
export interface ActorPass {
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly arrivals: ArrivalQueues
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
  /** One vector per trial; of trials that run whole, one for all. */
  private readonly vectors: Float64Array
  private readonly gradients: TrialGradients

  constructor(pass: ActorPass, passes: boolean) {
    const { synapses, layout, options } = pass
    this.pass = pass
    this.passes = passes
    this.vectors = new Float64Array((options.whole ? 1 : options.trials) * layout.gradientLength)
    this.gradients = new TrialGradients(synapses, layout)
    this.gradients.begin({ ...pass, memory: { f64: this.vectors }, gradients: 0 })
  }

  /** @param reached how far the forward pass went */
  begin(reached: number): void {
    this.gradients.beginBackward(reached)
  }

  /** Undoes the last step; `deltas` has one value per spike it emitted, in order. */
  backward(deltas: Float64Array): void {
    const { options, arrivals, pulse, steps } = this.pass
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    let first = 0
    step.intervals.forEach((interval, trial) => {
      pulse.beat()
      const own = deltas.slice(first, first + interval.emitted)
      first += interval.emitted
      if (this.passes) this.backwardTrial(trial, interval, own, step.start)
      if (options.whole) this.gradients.closeWhole(trial)
    })
    arrivals.markUndone(step.start)
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.gradients.takeReturned()
  }

  /** The gradients, summed over the trials. */
  finish(): Float64Array {
    const total = new Float64Array(this.pass.layout.gradientLength)
    this.gradients.finish(total)
    return total
  }

  private backwardTrial(
    trial: number,
    { synapses: list, spikes }: IntervalRecord,
    deltas: Float64Array,
    start: number,
  ) {
    const { synapses, layout, options, actors, pulse, traffic } = this.pass
    const { times, weights } = (actors[trial] as GuardedActor).backward(deltas, list.length, start)
    const base = options.whole ? 0 : trial * layout.gradientLength
    const { vectors } = this
    const add = (at: number, value: number) => {
      vectors[base + at] = (vectors[base + at] as number) + value
    }
    const { length } = list
    traffic.read('tape', length, TAPED)
    traffic.update('gradients', length, 8)
    traffic.write('spikes', length, 8)
    for (let k = length - 1; k >= 0; k--) {
      pulse.count(1)
      const synapse = list[k] as number
      const event = times[k] as number
      add(layout.weights + synapse, weights[k] as number)
      const own = synapses.ownDelay[synapse] as number
      if (own >= 0) add(layout.delays + own, event)
      const neuron = synapses.targets[synapse] as number
      this.gradients.add(synapses.projection[synapse] as number, spikes[k] as number, neuron, event)
    }
  }
}
