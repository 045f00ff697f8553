import { RunError } from '../../../events/errors.js'
import { describeThrown } from '../../../network/reading/describe-thrown.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import type { Actor } from './actor-contract.js'

/** The verbs that a module may be asked for. */
export type ActorVerb = 'createActor' | keyof Actor

/** Which actor was asked for what, and from which time on, ms. */
export interface ActorMoment {
  readonly group: string
  readonly module: string
  readonly trial: number
  readonly verb: ActorVerb
  readonly time: number
}

/** `RunError` ACTOR_BROKEN: a promise of `Actor` was not kept. */
export function brokenPromise(moment: ActorMoment, found: string, expected: string): RunError {
  return new RunError({
    code: 'ACTOR_BROKEN',
    message: `${inWords(moment)}: found ${found}, expected ${expected}.`,
    details: { ...moment },
    remedy: 'actorSuite of antidrome/testing puts the module through the laws of an actor.',
  })
}

/** `RunError` ACTOR_THREW. */
export function threw(moment: ActorMoment, cause: unknown): RunError {
  return new RunError({
    code: 'ACTOR_THREW',
    message: `${inWords(moment)} has thrown ${describeThrown(cause, 'with its name')}.`,
    details: { ...moment },
    cause,
  })
}

/** `RunError` MODULE_EXPORT: a verb is not there, or no function. */
export function verbMissing(moment: ActorMoment, found: unknown, why: string): RunError {
  const lack =
    found === undefined ? `no ${moment.verb}, ${why}` : `${describeValue(found)} as its ${moment.verb}, and no function`
  return new RunError({
    code: 'MODULE_EXPORT',
    message: `The actor "${moment.group}" has ${lack} (${moment.module}).`,
    details: { ...moment },
  })
}

/** `RunError` GRADIENT_UNDEFINED: the gradient would have to pass an actor that cannot undo its steps. */
export function gradientStuck({ group, module }: Pick<ActorMoment, 'group' | 'module'>): RunError {
  return new RunError({
    code: 'GRADIENT_UNDEFINED',
    message: `The gradient would have to pass the actor "${group}", whose module has no backward (${module}).`,
    details: { group, module },
    remedy: "Give it one, or say that its spikes count as given: actor(…, { gradients: 'stop' }).",
  })
}

/** Which actor was asked for what. */
function inWords({ verb, group, trial, time, module }: ActorMoment): string {
  return `${verb} of the actor "${group}" in trial ${trial} from ${time} ms (${module})`
}
