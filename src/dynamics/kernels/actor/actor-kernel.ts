import { InternalError } from '../../../events/errors.js'
import { joinTrials } from '../../../events/join-trials.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { ActorValues, ProjectionValues } from '../../../network/instance/instance.js'
import { createRandomStream } from '../../../numerics/random-stream.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import { Pulse } from '../../pulse.js'
import { ArrivalQueues } from '../../timeline/arrival-queues.js'
import type { Arrivals } from '../../timeline/arrivals.js'
import type { SourceSlices } from '../../timeline/kernel-input.js'
import type { ReturnedGradients } from '../../timeline/received-batches.js'
import { type MemoryTraffic, TrafficCounter } from '../../traffic/memory-traffic.js'
import { Kernel, type KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { ActorBackward, type ActorStep, type IntervalRecord, recordInterval, TAPED } from './actor-backward.js'
import { ACTOR_NUMERICS, type ActorArrivals, type ActorPlace } from './actor-contract.js'
import { gradientStuck } from './actor-faults.js'
import { GuardedActor, type GuardedOrigin } from './guarded-actor.js'

/** How a kernel comes to its actors. */
export interface ActorOrigin extends GuardedOrigin {
  /** Of their random numbers. */
  readonly seed: number
}

/** A run in progress. */
interface ActorRun {
  readonly options: KernelOptions
  readonly pulse: Pulse
  readonly actors: readonly GuardedActor[]
  /** The steps taken forward and not yet undone. */
  readonly steps: ActorStep[]
  /** Everything before this instant has happened. */
  reached: number
  readonly backward: ActorBackward | null
}

/** Bytes of a number, and of an arrival as it is passed to the module. */
const REAL = 8
const ARRIVAL = 2 * REAL + 12

/**
 * The kernel of a group whose units a user-defined module computes, one actor per trial. It queues arrivals and
 * distributes gradients as the reference kernel does; the module does everything in between.
 */
export class ActorKernel extends Kernel<ActorValues> {
  readonly parameters: Float64Array
  private readonly origin: ActorOrigin
  private readonly queues: ArrivalQueues
  private readonly traffic = new TrafficCounter()
  private run: ActorRun | null = null
  /** The gradient of the last run that was summed up. */
  private sums: Float64Array = new Float64Array(0)

  constructor(
    values: ActorValues,
    projections: readonly ProjectionValues[],
    origin: ActorOrigin,
    sourceSlices?: SourceSlices,
  ) {
    super(values, projections, sourceSlices)
    this.origin = origin
    this.parameters = initialParameters(values, projections, this.layout)
    this.queues = new ArrivalQueues(this.synapses, this.inputs, this.layout.returnedNodes.length)
    this.parametersChanged()
  }

  /** Arrivals, their weights, and on the way back their gradients; the module's own reads and writes are unknown. */
  memoryTraffic(): MemoryTraffic {
    return this.traffic.total()
  }

  parametersChanged(): void {
    this.queues.followDelays(this.delays)
  }

  /** Raises `RunError` GRADIENT_UNDEFINED, and what `createActor` is to blame for. */
  begin(options: KernelOptions): void {
    this.start(options, 0)
  }

  override resume(options: KernelOptions, start: number, { columns, inFlight }: KernelState): void {
    if (options.whole || options.gradients)
      throw new InternalError('Only a forward run in windows can resume from a state.')
    onlyOne(this.start(options, start).actors).resume(columns)
    this.queues.receiveInFlight(inFlight, start)
  }

  override saveState(): KernelState {
    const { actors, reached } = this.running()
    return { columns: onlyOne(actors).saveState(), inFlight: this.queues.inFlight(reached) }
  }

  override smallestDelays(): readonly number[] {
    return this.queues.smallestDelays()
  }

  receive(input: number, batch: SpikeBatch): void {
    this.queues.receive(input, batch)
  }

  advance(arrivalsBefore: number): SpikeTrains {
    const run = this.running()
    const { options, actors, pulse, steps } = run
    const { trials, until, gradients } = options
    const end = Math.min(arrivalsBefore, until)
    const intervals: IntervalRecord[] = []
    const emitted = actors.map((actor, trial) => {
      pulse.beat()
      const queue = this.queues.forward(trial)
      const { from, to } = queue.takeBefore(arrivalsBefore)
      this.traffic.read('weights', to - from, REAL)
      this.traffic.write('spikes', to - from, ARRIVAL)
      const spikes = actor.advance(end, this.arrivals(queue, from, to))
      if (gradients) this.traffic.write('tape', to - from, TAPED)
      if (gradients) intervals.push(recordInterval(queue, from, to, spikes.times.length))
      return spikes
    })
    this.queues.markQueued(arrivalsBefore)
    if (gradients) steps.push({ start: run.reached, intervals })
    run.reached = arrivalsBefore
    return joinTrials(trials, emitted)
  }

  nextEvent(): number {
    const { actors, reached, pulse } = this.running()
    let next = Infinity
    actors.forEach((actor, trial) => {
      pulse.beat()
      next = Math.min(next, this.queues.nextArrival(trial), actor.nextEvent())
    })
    this.queues.markQueued(reached)
    return next
  }

  beginBackward(): void {
    this.backwardPass().begin(this.running().reached)
  }

  backward(deltas: Float64Array): void {
    this.backwardPass().backward(deltas)
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.backwardPass().takeReturned()
  }

  sumTrials(): readonly Float64Array[] {
    this.sums = this.backwardPass().finish()
    return [this.sums]
  }

  protected gradientVector(): Float64Array {
    return this.sums
  }

  maxima(): KernelMaxima {
    throw new InternalError(`The actor "${this.values.name}" has no voltages.`)
  }

  isSilent(): boolean {
    return false
  }

  get grazing(): number {
    return 0
  }

  private start(options: KernelOptions, start: number): ActorRun {
    const { trials, firstTrial = 0, gradients, beat } = options
    const pulse = new Pulse(beat)
    const { synapses, layout, queues, values } = this
    queues.begin(options, pulse, start)
    const actors = Array.from({ length: trials }, (_, trial) => {
      return new GuardedActor(this.origin, values, this.placeOf(firstTrial + trial, options.until), start)
    })
    const steps: ActorStep[] = []
    const pass = { traffic: this.traffic, synapses, layout, arrivals: queues, steps, options, pulse, actors }
    const passes = this.passesGradients(options, actors)
    this.run = {
      ...{ options, pulse, actors, steps, reached: start },
      backward: gradients ? new ActorBackward(pass, passes) : null,
    }
    return this.run
  }

  /** Whether its module is asked for gradients: where the loss depends on its spikes, and these on something that arrives. */
  private passesGradients({ gradients, affectsLoss = true }: KernelOptions, actors: readonly GuardedActor[]): boolean {
    const { name: group, module, gradients: wanted } = this.values
    if (!gradients || !affectsLoss || wanted === 'stop' || this.inputs.length === 0) return false
    if (actors.every(({ hasBackward }) => hasBackward)) return true
    throw gradientStuck({ group, module: module.module })
  }

  /** The first argument of `createActor`. */
  placeOf(trial: number, until: number): ActorPlace {
    const { name: group, start, size, total } = this.values
    return Object.freeze({
      ...{ group, size: total, start, end: start + size, trial, until },
      projections: Object.freeze(this.synapses.afferents.map(({ key }) => key)),
      random: (unit: number, name = '') => {
        return createRandomStream(this.origin.seed, `${group}/actor/${trial}/${unit}/${name}`)
      },
      numerics: ACTOR_NUMERICS,
    })
  }

  private arrivals(queue: Arrivals, from: number, to: number): ActorArrivals {
    const { synapses, parameters, layout, values } = this
    const list = queue.synapses.subarray(from, to)
    const units = Uint32Array.from(list, (synapse) => values.start + (synapses.targets[synapse] as number))
    const weights = Float64Array.from(list, (synapse) => parameters[layout.weights + synapse] as number)
    const projections = Uint32Array.from(list, (synapse) => synapses.projection[synapse] as number)
    const sources = Uint32Array.from(list, (synapse) => synapses.sources[synapse] as number)
    return { times: queue.times.slice(from, to), units, weights, projections, sources }
  }

  private backwardPass(): ActorBackward {
    const { backward } = this.running()
    if (backward === null) throw new InternalError('The actor keeps nothing that a backward pass could undo.')
    return backward
  }

  private running(): ActorRun {
    if (this.run === null) throw new InternalError('The actor has not begun a run.')
    return this.run
  }
}

/** A run in segments has exactly one trial. */
function onlyOne([actor, ...others]: readonly GuardedActor[]): GuardedActor {
  if (actor === undefined || others.length > 0) throw new InternalError('One trial alone has a state.')
  return actor
}
