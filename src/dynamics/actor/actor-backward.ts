import { InternalError } from '../../events/errors.js'
import { Answers } from '../answers.js'
import type { Inbox, ReceivedBatch } from '../inbox.js'
import type { KernelAnswer } from '../kernel.js'
import type { KernelInput } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import type { TrafficCounter } from '../memory-traffic.js'
import type { ParameterLayout } from '../parameter-layout.js'
import type { Pulse } from '../pulse.js'
import type { Synapses } from '../synapses.js'
import { TrialSum } from '../trial-sum.js'
import { type ActorStep, type StretchRecord, TAPED } from './actor-tape.js'
import type { GuardedActor } from './guarded-actor.js'

/** What a run of actors leaves to its backward pass. */
export interface ActorPass {
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly inbox: Inbox
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
  private readonly answers: Answers
  /** One vector per trial; of trials that run whole, one for all. */
  private readonly gradients: Float64Array
  private readonly sum: TrialSum
  private reached = Infinity

  constructor(pass: ActorPass, passes: boolean) {
    const { synapses, layout, options } = pass
    this.pass = pass
    this.passes = passes
    this.answers = new Answers(synapses, layout)
    this.gradients = new Float64Array((options.whole ? 1 : options.trials) * layout.gradientLength)
    this.sum = new TrialSum(layout.gradientLength)
  }

  begin(): void {
    const { inbox, pulse } = this.pass
    inbox.beginBackward()
    this.answers.pulse = pulse
    this.answers.reserve(inbox)
  }

  /** Undoes the last step; `deltas` has one value per spike it emitted, in order. */
  retreat(deltas: Float64Array): void {
    const { options, inbox, pulse, steps } = this.pass
    const step = steps.pop()
    if (step === undefined) throw new InternalError('There is no step left to undo.')
    let first = 0
    step.stretches.forEach((stretch, trial) => {
      pulse.beat()
      const own = deltas.slice(first, first + stretch.emitted)
      first += stretch.emitted
      if (this.passes) this.retreatTrial(trial, stretch, own, step.start)
      if (options.whole) this.closeTrial(trial)
    })
    inbox.markUndone(step.start)
    this.reached = step.start
  }

  takeAnswers(): readonly KernelAnswer[] {
    const { inputs, inbox, steps, options } = this.pass
    const reached = steps.length === 0 ? 0 : this.reached
    return inbox.takeAllAnswerable(reached).map(({ input, entry }) => {
      // Trials that ran whole were answered one after the other.
      if (!options.whole) this.answer(inputs[input]?.projection as number, entry)
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

  private retreatTrial(trial: number, { synapses: list, spikes }: StretchRecord, deltas: Float64Array, start: number) {
    const { synapses, layout, actors, pulse, traffic } = this.pass
    const { times, weights } = (actors[trial] as GuardedActor).retreat(deltas, list.length, start)
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
      this.answers.add(synapses.projection[synapse] as number, spikes[k] as number, neuron, event)
    }
  }

  /** Brings the answer to a batch up to date. */
  private answer(projection: number, entry: ReceivedBatch): void {
    const { options, layout } = this.pass
    for (let trial = 0; trial < options.trials; trial++) {
      const row = entry.first + (entry.batch.offsets[trial] as number)
      this.answers.readTrial(projection, entry, { trial, row }, this.gradients, this.baseOf(trial) + layout.shared)
    }
  }

  private baseOf(trial: number): number {
    return this.pass.options.whole ? 0 : trial * this.pass.layout.gradientLength
  }

  /** A trial that ran whole is undone: its rows become answers, its gradients join the sum. */
  private closeTrial(trial: number): void {
    const { inbox, layout } = this.pass
    this.answers.readWholeTrial(inbox, trial, this.gradients, layout.shared)
    this.sum.take(this.gradients, 0)
  }
}
