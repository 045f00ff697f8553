import { moduleReference } from '../modules/module-reference.js'
import type { PlainOptions } from '../modules/plain-options.js'
import { type Readers, readOptions } from '../reading/read-fields.js'
import { asGiven } from '../reading/read-value.js'
import type { ActorGradients, ActorGroup } from './network.js'

/** Settings of `actor` beside the options of its module. */
export interface ActorSettings {
  /** All units are computed together, on one core: for what has one state, such as a plant. Default false. */
  readonly whole?: boolean
  /**
   * 'through' (default): gradients pass through it if its module has `backward`; without it, a gradient that would have to
   * pass is refused. 'stop': its spikes count as given, and the projections into it have the gradient 0.
   */
  readonly gradients?: ActorGradients
  /** The function that the module exports; default 'createActor'. */
  readonly export?: string
  /** By which workers of other machines find their copy below their `--modules` folder; default: the last part of the URL. */
  readonly name?: string
}

const SETTINGS: Readers<ActorSettings> = { whole: asGiven, gradients: asGiven, export: asGiven, name: asGiven }

/** Default name of the function that a module of an actor exports. */
export const ACTOR_EXPORT = 'createActor'

/** What an actor is where nothing else is said. */
export const ACTOR_DEFAULTS = Object.freeze({ whole: false, gradients: 'through' })

/**
 * A group whose spikes a user-defined module computes: a neuron of another kind, or a plant that responds to a network.
 * Its module exports `createActor`, see `CreateActor`; every partition that holds units of it loads it where it is.
 *
 * Raises `InputError` MODULE_URL for what is no file, MODULE_OPTIONS for options that are no plain data, MODULE_NAME.
 * `defineNetwork` checks the rest.
 *
 * @param size number of units
 * @param module URL of a file, or an absolute path; code never travels
 * @param options handed to `createActor`: finite numbers, texts, truths, null, lists and plain objects of these
 *
 * @example
 * actor(2, new URL('./cart-pole.js', import.meta.url), { force: 10 }, { whole: true })
 */
export function actor(
  size: number,
  module: URL | string,
  options: PlainOptions = {},
  settings: ActorSettings = {},
): ActorGroup {
  const { export: exported = ACTOR_EXPORT, name, ...rest } = readOptions(settings, SETTINGS, 'settings')
  const reference = moduleReference({ module, options, export: exported, name }, 'actor')
  return Object.freeze({ ...ACTOR_DEFAULTS, ...rest, kind: 'actor', size, module: reference } as const)
}
