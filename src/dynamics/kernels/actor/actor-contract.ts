import type { PlainOptions } from '../../../network/modules/plain-options.js'
import { cosPi } from '../../../numerics/cos-pi.js'
import { exp } from '../../../numerics/exp.js'
import { expm1 } from '../../../numerics/expm1.js'
import { log } from '../../../numerics/log.js'
import { log1p } from '../../../numerics/log1p.js'
import type { RandomStream } from '../../../numerics/random-stream.js'
import type { ActorState, ResumedState } from './actor-state.js'

/**
 * What a module of an actor exports as `createActor`: makes the units of one slice in one trial. It is called again for
 * every trial of every run, so that no trial knows of another one; any other state that the module keeps is a mistake.
 *
 * The numbers of a run are the same to the last bit for every placement, cutting into windows and order of messages if what
 * a unit does is a function of its own options, number, arrivals and random numbers alone: no clock, no `Math.random`, no
 * function of `Math` that engines round in their own way (`numerics` has others), no state outside of the actor, and unless
 * the group is `whole` no unit that looks at others.
 *
 * @example
 * export const createActor: CreateActor<{ hold: number }> = ({ start }, { hold }) => ({ advance: … })
 */
export type CreateActor<Options extends PlainOptions = PlainOptions> = (place: ActorPlace, options: Options) => Actor

/** Which units an actor has, in which trial. */
export interface ActorPlace {
  readonly group: string
  /** Units of the whole group. */
  readonly size: number
  /** The units here are start … end - 1, cut between blocks of 32; all of them if the group is `whole`. */
  readonly start: number
  readonly end: number
  /** Number of the trial in the mini-batch. */
  readonly trial: number
  /** End of the trial in ms, exclusive; Infinity in a stream without an end. */
  readonly until: number
  /** Keys of the projections into the group; `ActorArrivals.projections` counts in them. */
  readonly projections: readonly string[]
  /**
   * Random numbers of a unit in this trial: pure functions of (seed of the session, group, trial, unit, name, index). A
   * state from which a later run resumes has to include the index.
   */
  random(unit: number, name?: string): RandomStream
  /** Functions with the same bits on every machine. */
  readonly numerics: ActorNumerics
}

/**
 * The arrivals of one interval of time, delays included, as parallel arrays in event order: by time, then (projection, source
 * unit, spike number, synapse). They are the actor's to keep.
 */
export interface ActorArrivals {
  /** In ms. */
  readonly times: Float64Array
  /** Unit that each arrives at: its number in the whole group. */
  readonly units: Uint32Array
  /** Weight of the synapse. */
  readonly weights: Float64Array
  /** Number of the projection, and unit that sent the spike. */
  readonly projections: Uint32Array
  readonly sources: Uint32Array
}

/** Spikes in event order: by time, at one time by unit. */
export interface ActorSpikes {
  /** In ms. */
  readonly times: ArrayLike<number>
  /** Numbers in the whole group. */
  readonly units: ArrayLike<number>
}

/** Gradients by what arrived in an interval, in the order of its arrivals. */
export interface ActorAnswer {
  /** dL/d(time of the arrival), in 1/ms. */
  readonly times: ArrayLike<number>
  /** dL/d(weight of the arrival). */
  readonly weights: ArrayLike<number>
}

/**
 * The units of a slice in one trial. A promise that is not kept ends the run as a `RunError` that names module, verb, group
 * and time: ACTOR_BROKEN, and ACTOR_THREW for what a verb throws.
 */
export interface Actor {
  /**
   * Runs from where the last call ended (at first the start of the trial, or of a state) up to `until`, exclusive, and returns
   * the spikes in between. The arrivals of that interval are complete: nothing will be added to it. A spike may be as early as
   * the arrival that causes it, never earlier.
   *
   * The ends of intervals depend on messages. They must not affect the emitted spikes, not even in their last bits. So
   * a state moves at arrivals and own spikes, never to `until`: code that needs its value in between computes it from
   * the last event.
   */
  advance(until: number, arrivals: ActorArrivals): ActorSpikes
  /**
   * The earliest time at which it would spike if nothing arrived any more; Infinity if it would not. No spike comes before it
   * unless something arrives. It lets a group that projects onto itself cross long silence at once. Default: unknown.
   */
  nextEvent?(): number
  /**
   * Undoes the last `advance` that is not undone, after the last one of the trial: `gradients` has dL/d(time) of each of its
   * spikes, in order, complete with what came back through all synapses. Returns one number each per arrival of that interval.
   * Without it no gradient passes: one that has to is refused as GRADIENT_UNDEFINED.
   */
  backward?(gradients: Float64Array): ActorAnswer
  /**
   * Everything that the future depends on beside arrivals, as lists by name: with an entry per unit here, which is a number or
   * a list of any length of numbers; of a group that is `whole`, lists of numbers of any length. Never NaN. Without it, and
   * `resume`, a stream cannot be saved.
   */
  saveState?(): ActorState
  /**
   * In place of a start at rest: resumes at `time` ms from the state saved there, perhaps with other units beside it.
   */
  resume?(state: ResumedState, time: number): void
}

/** Elementary functions with the same bits on every machine; cosPi(x) is cos(pi x), and sin(pi x) is cosPi(x - 0.5). */
export interface ActorNumerics {
  exp(x: number): number
  expm1(x: number): number
  log(x: number): number
  log1p(x: number): number
  cosPi(x: number): number
}

export const ACTOR_NUMERICS: ActorNumerics = Object.freeze({ exp, expm1, log, log1p, cosPi })
