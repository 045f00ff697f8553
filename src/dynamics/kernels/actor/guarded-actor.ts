import { isPromised } from '../../../events/is-promised.js'
import type { ActorValues } from '../../../network/instance/instance.js'
import { UNNOTED, type VerbNote } from '../../../network/modules/module-verbs.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { RUNAWAY } from '../../models/neuron-faults.js'
import type { Actor, ActorArrivals, ActorPlace, ActorSpikes, CreateActor } from './actor-contract.js'
import { type ActorVerb, brokenPromise, threw, verbMissing } from './actor-faults.js'
import { type ActorColumns, StateMistake, stateColumns, stateOf } from './actor-state.js'

/** The gradients by the arrivals of an interval. */
export interface CheckedGradients {
  readonly times: ArrayLike<number>
  readonly weights: ArrayLike<number>
}

/** How an actor is made, and the note of the user function that is being executed. */
export interface GuardedOrigin {
  readonly create: CreateActor
  /** Called with the user function that is being executed; optional. */
  readonly note?: VerbNote | undefined
}

/** An actor whose every promise is checked. */
export class GuardedActor {
  private readonly note: VerbNote
  private readonly values: ActorValues
  private readonly place: ActorPlace
  private readonly actor: Actor
  private reached: number
  /** It has said that nothing happens before, unless something arrives. */
  private quietUntil = -Infinity
  /** The last promise that was found broken. */
  private found: Error | null = null

  constructor({ create, note = UNNOTED }: GuardedOrigin, values: ActorValues, place: ActorPlace, reached: number) {
    this.note = note
    this.values = values
    this.place = place
    this.reached = reached
    const { options } = values.module
    const actor: unknown = this.attempt('createActor', () => create(place, options))
    if (typeof actor !== 'object' || actor === null)
      throw this.broken('createActor', describeValue(actor), 'an object with the verbs of an actor')
    this.actor = actor as Actor
    this.require('advance', 'which every actor needs')
    for (const verb of ['nextEvent', 'backward', 'saveState', 'resume'] as const)
      if (this.verbOf(verb) !== undefined) this.require(verb, '')
  }

  get hasBackward(): boolean {
    return this.verbOf('backward') !== undefined
  }

  /** The spikes before `until` ms, copied. */
  advance(until: number, arrivals: ActorArrivals): { readonly times: Float64Array; readonly units: Uint32Array } {
    const first = arrivals.times[0] ?? Infinity
    const least = Math.max(this.reached, Math.min(this.quietUntil, first))
    const spikes = this.attempt(
      'advance',
      () => this.actor.advance(until, arrivals),
      (result) => this.checkSpikes(result, least, until),
    )
    if (first < Infinity || spikes.times.length > 0) this.quietUntil = -Infinity
    this.reached = until
    return spikes
  }

  /** Where it stands, if it cannot say. */
  nextEvent(): number {
    if (this.verbOf('nextEvent') === undefined) return this.reached
    const next: unknown = this.attempt('nextEvent', () => this.actor.nextEvent?.())
    if (typeof next !== 'number' || !(next >= this.reached))
      throw this.broken('nextEvent', describeValue(next), `a time not before ${this.reached} ms, or Infinity`)
    this.quietUntil = next
    return next
  }

  /** @param start where the interval began, ms */
  backward(gradients: Float64Array, arrivals: number, start: number): CheckedGradients {
    this.reached = start
    return this.attempt(
      'backward',
      () => this.actor.backward?.(gradients),
      (result) => this.checkGradients(result, arrivals),
    )
  }

  private checkGradients(result: unknown, arrivals: number): CheckedGradients {
    const { times, weights } = (result ?? {}) as CheckedGradients
    const lists = [times, weights]
    if (lists.some((list) => list?.length !== arrivals)) {
      const found = `${lists.map((list) => list?.length ?? 'no').join(' and ')} gradients by time and weight`
      throw this.broken('backward', found, `one of each for every one of ${arrivals} arrivals`)
    }
    for (const [what, list] of Object.entries({ times, weights }))
      for (let k = 0; k < arrivals; k++)
        if (!Number.isFinite(list[k]))
          throw this.broken('backward', `${describeValue(list[k])} as ${what}[${k}]`, 'gradients that are finite')
    return { times: Float64Array.from(times), weights: Float64Array.from(weights) }
  }

  saveState(): ActorColumns {
    this.require('saveState', 'so its state cannot be saved')
    this.require('resume', 'so nothing could go on from its state')
    return this.attempt(
      'saveState',
      () => this.actor.saveState?.(),
      (state) => this.columnsOf(state),
    )
  }

  private columnsOf(state: unknown): ActorColumns {
    const { size, whole } = this.values
    try {
      return stateColumns(state, size, whole)
    } catch (error) {
      if (!(error instanceof StateMistake)) throw error
      throw this.broken('saveState', error.message, `lists of numbers ${whole ? 'by name' : 'with an entry per unit'}`)
    }
  }

  resume(columns: ActorColumns): void {
    this.require('resume', 'so it cannot go on from a state')
    this.attempt('resume', () => this.actor.resume?.(stateOf(columns), this.reached))
  }

  private checkSpikes(result: unknown, least: number, until: number) {
    const { times: given, units: ofUnits } = (result ?? {}) as Partial<ActorSpikes>
    const count = given?.length
    const isCount = count !== undefined && Number.isInteger(count) && count >= 0
    if (given === undefined || ofUnits === undefined || !isCount || ofUnits.length !== count)
      throw this.broken('advance', `${count ?? 'no'} times for ${ofUnits?.length ?? 'no'} units`, 'as many of each')
    const { size } = this.values
    if (count > RUNAWAY * size) throw this.broken('advance', `${count} spikes`, `no more than ${RUNAWAY} of a unit`)
    const [times, units] = [new Float64Array(count), new Uint32Array(count)]
    for (let k = 0; k < count; k++) {
      const [time, unit] = [given[k] as number, ofUnits[k] as number]
      const spike = this.checkSpike(time, unit, least, until)
      const [before, last] = [times[k - 1] ?? -Infinity, units[k - 1] ?? -1]
      if (time < before || (time === before && unit < last))
        throw this.broken(
          'advance',
          `${spike()} behind one of unit ${last} at ${before} ms`,
          'the order of (time, unit)',
        )
      times[k] = time
      units[k] = unit
    }
    return { times, units }
  }

  /** Returns what describes a spike that is one of this group within an interval. */
  private checkSpike(time: number, unit: number, least: number, until: number): () => string {
    const { start, size } = this.values
    const spike = () => `a spike of unit ${describeValue(unit)} at ${describeValue(time)} ms`
    if (!(typeof time === 'number' && time >= least && time < until))
      throw this.broken('advance', spike(), `times from ${least} to ${until} ms, the end excluded`)
    if (!(Number.isInteger(unit) && unit >= start && unit < start + size))
      throw this.broken('advance', spike(), `units from ${start} to ${start + size - 1}`)
    return spike
  }

  private require(verb: ActorVerb & keyof Actor, why: string): void {
    const found = this.verbOf(verb)
    if (typeof found !== 'function') throw verbMissing(this.moment(verb), found, why)
  }

  /** A verb may be a getter, and throw. */
  private verbOf(verb: ActorVerb & keyof Actor): unknown {
    return this.attempt(verb, () => this.actor[verb])
  }

  /** @param read what is made of the answer: whatever the module hands over may throw when it is looked at */
  private attempt<Result>(
    verb: ActorVerb,
    ask: () => unknown,
    read = (result: unknown): Result => result as Result,
  ): Result {
    this.note.begin(verb, this.place.trial, this.reached)
    try {
      const result = ask()
      if (isPromised(result)) throw this.broken(verb, 'a promise', 'what it has to say, at once')
      return read(result)
    } catch (cause) {
      throw cause === this.found ? cause : threw(this.moment(verb), cause)
    } finally {
      this.note.end()
    }
  }

  private broken(verb: ActorVerb, found: string, expected: string) {
    this.found = brokenPromise(this.moment(verb), found, expected)
    return this.found
  }

  private moment(verb: ActorVerb) {
    const { module, name: group } = this.values
    return { verb, group, module: module.module, trial: this.place.trial, time: this.reached }
  }
}
