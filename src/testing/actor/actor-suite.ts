import { loadFunction } from '../../actors/modules/load-export.js'
import { ANY_MODULE } from '../../actors/modules/module-policy.js'
import type { CreateActor } from '../../dynamics/kernels/actor/actor-contract.js'
import { AntidromeError } from '../../events/errors.js'
import { ACTOR_EXPORT } from '../../network/description/actor-group.js'
import { moduleReference } from '../../network/modules/module-reference.js'
import type { PlainOptions } from '../../network/modules/plain-options.js'
import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { listOf } from '../../network/reading/read-list.js'
import { integerFrom, readNumber, readPositive } from '../../network/reading/read-number.js'
import { asGiven, readBoolean, readString } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { brokenLaw } from '../broken-law.js'
import { type ActorCase, actorCase } from './actor-case.js'
import { ACTOR_LAWS, type ActorLaw, abilitiesOf } from './actor-laws.js'
import { runActor } from './run-actor.js'

export interface ActorSuiteOptions {
  /** Handed to `createActor`; default: none. */
  readonly options?: PlainOptions
  /** Units; default 40, which are cut into two slices. */
  readonly size?: number
  /** See `ActorSettings`; default false. */
  readonly whole?: boolean
  /** The function that the module exports; default 'createActor'. */
  readonly export?: string
  /** Length of a trial in ms; default 40. */
  readonly until?: number
  /** Spikes of each of ten source units in a trial; default 3. */
  readonly spikes?: number
  /** Weights are drawn between these; default 0.2 and 1. */
  readonly weights?: readonly [least: number, most: number]
  /** How many cases there are; default 5. */
  readonly cases?: number
  /** Of the first case; default 0. */
  readonly seed?: number
}

/** What an actor was put through. */
export interface ActorSuiteReport {
  /** Laws that held, by name. */
  readonly held: readonly string[]
  /** Laws that could not be asked of it. */
  readonly leftOut: readonly string[]
  /** Spikes in whole trials of all cases. */
  readonly spikes: number
}

const READERS: Readers<ActorSuiteOptions> = {
  options: asGiven,
  size: integerFrom(1),
  whole: readBoolean,
  export: readString,
  until: readPositive,
  spikes: integerFrom(1),
  weights: readRange,
  cases: integerFrom(1),
  seed: integerFrom(0),
}

function readRange(value: unknown, field: string): readonly [number, number] {
  const [least, most, ...others] = listOf(readNumber)(value, field)
  if (least !== undefined && most !== undefined && others.length === 0 && least <= most) return [least, most]
  throw wrongType(value, field, 'two numbers, the lesser one first')
}

/**
 * Laws: an actor keeps its promises, asks for nothing that differs from run to run, spikes only because of what has arrived,
 * and to the last bit repeats itself, trial by trial, however a run is cut into windows, segments and slices, and whatever the
 * order of messages; its gradients, if it has any, are the limits of difference quotients.
 *
 * Each law is put to generated cases: two sources whose spikes arrive through dense synapses with delays of their own. It
 * runs in this thread.
 *
 * Raises `RunError` LAW_BROKEN with the name of the law, also if it never spikes, and what loading a module raises.
 *
 * @example
 * const { held } = await actorSuite(new URL('./izhikevich.js', import.meta.url), { options: { a: 0.02 } })
 */
export async function actorSuite(module: URL | string, given: ActorSuiteOptions = {}): Promise<ActorSuiteReport> {
  const { options = {}, export: exported = ACTOR_EXPORT, ...range } = readOptions(given, READERS)
  const { size = 40, whole = false, until = 40, spikes = 3, weights = [0.2, 1], cases = 5, seed = 0 } = range
  const reference = moduleReference({ module, options, export: exported }, 'module')
  const create = (await loadFunction(reference, ANY_MODULE)) as CreateActor
  const drawn = { create, reference, size, whole, until, spikes, weights } as const
  const samples = Array.from({ length: cases }, (_, k) => actorCase(drawn, seed + k))
  for (const law of ACTOR_LAWS) for (const sample of samples) await hold(law, sample)
  const total = samples.reduce((sum, sample) => sum + runActor(sample).spikes.times.length, 0)
  if (total === 0) throw brokenLaw('actorSuite', 'it never spikes, so nothing was looked at', { cases })
  const [applied, left] = [
    ACTOR_LAWS.filter((law) => isAsked(law, samples[0])),
    ACTOR_LAWS.filter((law) => !isAsked(law, samples[0])),
  ]
  return { held: applied.map(({ name }) => name), leftOut: left.map(({ name }) => name), spikes: total }
}

function isAsked({ applies }: ActorLaw, sample: ActorCase | undefined): boolean {
  return sample !== undefined && applies?.(sample, abilitiesOf(sample)) !== false
}

async function hold(law: ActorLaw, sample: ActorCase): Promise<void> {
  const { name } = law
  const { seed } = sample
  let found: string | null
  try {
    if (!isAsked(law, sample)) return
    found = await law.broken(sample)
  } catch (error) {
    if (!(error instanceof AntidromeError)) throw error
    throw brokenLaw(name, `in case ${seed}: ${error.message}`, { case: seed, code: error.code })
  }
  if (found !== null) throw brokenLaw(name, `in case ${seed}, ${found}`, { case: seed })
}
