import type { ActorValues } from '../../../network/instance/instance.js'
import { UNNOTED, type VerbNote } from '../../../network/modules/module-verbs.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { RUNAWAY } from '../../models/neuron-faults.js'
import type { Actor, ActorArrivals, ActorPlace, ActorSpikes, CreateActor } from './actor-contract.js'
import { type ActorVerb, brokenPromise, threw, verbMissing } from './actor-faults.js'
import { type ActorColumns, type ActorState, StateMistake, stateColumns, stateOf } from './actor-state.js'

/** The gradients by the arrivals of an interval. */
export interface CheckedGradients {
  readonly times: ArrayLike<number>
  readonly weights: ArrayLike<number>
}

function spikesIn(result: unknown): Partial<ActorSpikes> {
  const { times, units } = (result ?? {}) as ActorSpikes
  return { times, units }
}

function gradientsIn(result: unknown): Partial<CheckedGradients> {
  const { times, weights } = (result ?? {}) as CheckedGradients
  return { times, weights }
}

/** How an actor is made, and who is told which verb is under way. */
export interface GuardedOrigin {
  readonly create: CreateActor
  /** Default: nobody is told. */
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
      if (this.actor[verb] !== undefined) this.require(verb, '')
  }

  get hasBackward(): boolean {
    return this.actor.backward !== undefined
  }

  /** The spikes before `until` ms, copied. */
  advance(until: number, arrivals: ActorArrivals): { readonly times: Float64Array; readonly units: Uint32Array } {
    const first = arrivals.times[0] ?? Infinity
    const least = Math.max(this.reached, Math.min(this.quietUntil, first))
    const emitted = this.attempt('advance', () => this.actor.advance(until, arrivals), spikesIn)
    const spikes = this.checkSpikes(emitted, least, until)
    if (first < Infinity || spikes.times.length > 0) this.quietUntil = -Infinity
    this.reached = until
    return spikes
  }

  /** Where it stands, if it cannot say. */
  nextEvent(): number {
    if (this.actor.nextEvent === undefined) return this.reached
    const next: unknown = this.attempt('nextEvent', () => this.actor.nextEvent?.())
    if (typeof next !== 'number' || !(next >= this.reached))
      throw this.broken('nextEvent', describeValue(next), `a time not before ${this.reached} ms, or Infinity`)
    this.quietUntil = next
    return next
  }

  /** @param start where the interval began, ms */
  backward(gradients: Float64Array, arrivals: number, start: number): CheckedGradients {
    this.reached = start
    const result = this.attempt('backward', () => this.actor.backward?.(gradients), gradientsIn)
    const lists = [result.times, result.weights]
    if (lists.some((list) => list?.length !== arrivals)) {
      const found = `${lists.map((list) => list?.length ?? 'no').join(' and ')} gradients by time and weight`
      throw this.broken('backward', found, `one of each for every one of ${arrivals} arrivals`)
    }
    const { times, weights } = result as CheckedGradients
    for (const [what, list] of Object.entries({ times, weights }))
      for (let k = 0; k < arrivals; k++)
        if (!Number.isFinite(list[k]))
          throw this.broken('backward', `${list[k]} as ${what}[${k}]`, 'gradients that are finite')
    return { times, weights }
  }

  saveState(): ActorColumns {
    this.require('saveState', 'so its state cannot be saved')
    this.require('resume', 'so nothing could go on from its state')
    const state: unknown = this.attempt('saveState', () => this.actor.saveState?.())
    if (typeof state !== 'object' || state === null)
      throw this.broken('saveState', describeValue(state), 'lists of numbers')
    try {
      return stateColumns(state as ActorState, this.values.size, this.values.whole)
    } catch (error) {
      if (!(error instanceof StateMistake)) throw error
      throw this.broken('saveState', error.message, 'lists of numbers with an entry per unit')
    }
  }

  resume(columns: ActorColumns): void {
    this.require('resume', 'so it cannot go on from a state')
    this.attempt('resume', () => this.actor.resume?.(stateOf(columns), this.reached))
  }

  private checkSpikes({ times: given, units: ofUnits }: Partial<ActorSpikes>, least: number, until: number) {
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
    const found: unknown = this.actor[verb]
    if (typeof found !== 'function') throw verbMissing(this.moment(verb), found, why)
  }

  /** @param read what is looked at of the result: getters of the module may throw, too */
  private attempt<Result>(
    verb: ActorVerb,
    ask: () => unknown,
    read = (result: unknown): Result => result as Result,
  ): Result {
    this.note.begin(verb, this.place.trial, this.reached)
    let late: Promise<unknown>
    try {
      const result = ask()
      if (!(result instanceof Promise)) return read(result)
      late = result
    } catch (cause) {
      throw threw(this.moment(verb), cause)
    } finally {
      this.note.end()
    }
    // The promise is refused; its own rejection must not count as unhandled.
    late.catch(() => undefined)
    throw this.broken(verb, 'a promise', 'what it has to say, at once')
  }

  private broken(verb: ActorVerb, found: string, expected: string) {
    return brokenPromise(this.moment(verb), found, expected)
  }

  private moment(verb: ActorVerb) {
    const { module, name: group } = this.values
    return { verb, group, module: module.module, trial: this.place.trial, time: this.reached }
  }
}
