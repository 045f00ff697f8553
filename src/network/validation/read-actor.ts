import { InputError } from '../../events/errors.js'
import { ACTOR_DEFAULTS, ACTOR_EXPORT } from '../description/actor-group.js'
import type { ActorGradients, ActorGroup, Network } from '../description/network.js'
import { hurriedGroups } from '../graph/hurried-groups.js'
import { MINIMAL_CYCLE_DELAY } from '../graph/lookahead.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { readBoolean, wordOf } from '../reading/read-value.js'
import { withDefault } from '../reading/read-variant.js'
import { readModule } from './read-through.js'

const readWhole = withDefault(readBoolean, ACTOR_DEFAULTS.whole)
const readGradients = withDefault(
  wordOf<ActorGradients>(['through', 'stop'], 'ACTOR_GRADIENTS'),
  ACTOR_DEFAULTS.gradients,
)

/**
 * The fields of an actor but its size.
 *
 * Raises `InputError` FIELD_UNKNOWN, FIELD_TYPE, ACTOR_GRADIENTS, MODULES_FORBIDDEN, and what `moduleReference` raises.
 *
 * @param base against which paths are resolved; null: no module may be named
 */
export function readActor(
  given: Readonly<Record<string, unknown>>,
  place: string,
  base: string | null | undefined,
): Omit<ActorGroup, 'kind' | 'size'> {
  refuseUnknown(given, ['kind', 'size', 'module', 'whole', 'gradients'], place)
  const whole = readWhole(given.whole, `${place}.whole`)
  const gradients = readGradients(given.gradients, `${place}.gradients`)
  return { module: readModule(given.module, `${place}.module`, ACTOR_EXPORT, base), whole, gradients }
}

/**
 * Groups on a cycle that takes next to no time run event by event, instant by instant; an actor runs in windows.
 *
 * Raises `InputError` ACTOR_CYCLE.
 */
export function refuseHurriedActors(network: Network): void {
  const actors = network.groups.filter(({ kind }) => kind === 'actor')
  if (actors.length === 0) return
  const hurried = hurriedGroups(network)
  const found = actors.find(({ name }) => hurried.has(name))
  if (found === undefined) return
  throw new InputError({
    code: 'ACTOR_CYCLE',
    field: `groups.${found.name}`,
    found: `the actor "${found.name}" tied to a cycle that spikes might go around in less than ${MINIMAL_CYCLE_DELAY} ms a projection`,
    expected: `delays of at least ${MINIMAL_CYCLE_DELAY} ms on every cycle that it is tied to`,
    remedy: 'Give one projection of the cycle a delay.',
  })
}
