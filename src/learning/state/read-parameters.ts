import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { collapsedProjection } from '../../network/graph/lookahead.js'
import type { NetworkInstance, ProjectionValues } from '../../network/instance/instance.js'
import { requireInstance } from '../../network/instance/require-instance.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { instanceOf, readRecord } from '../../network/reading/read-value.js'
import { instanceWith } from '../instance-with.js'
import type { Parameters } from '../session.js'
import { type HeldArray, heldArrays } from './held-arrays.js'
import { requireLength, stateMismatch } from './state-mismatch.js'

type Arrays = Readonly<Record<string, Readonly<Record<string, Float64Array>>>>

/** How much later than they were sent spikes of a projection are known at least, ms; by default at once. */
export type LatencyOfProjection = (ends: Pick<ProjectionValues, 'source' | 'target'>) => number

/**
 * The parameters of a session as plain data, checked as those of a description are. Time constants may be left out: they
 * stay what they are.
 *
 * Raises `InputError` that names the parameter: STATE_MISMATCH for those of another network, FIELD_MISSING, FIELD_TYPE,
 * FIELD_UNKNOWN, the codes of `defineNetwork` for a number that is out of range, and DELAY_CYCLE if spikes could go round a
 * cycle in no time that they could not go round in before.
 *
 * @param start the network as the session was opened with it
 * @param field what they are called where they were given
 */
export function readParameters(
  start: NetworkInstance,
  given: unknown,
  field: string,
  latencyOf?: LatencyOfProjection,
): Parameters {
  const parts = readRecord(given, field)
  refuseUnknown(parts, ['projections', 'groups'], field)
  const arrays = heldArrays(start)
  const read = (part: HeldArray['in']) => {
    const held = arrays.filter((array) => array.in === part)
    return readArrays(parts[part], held, `${field}.${part}`) as unknown
  }
  const plain = { projections: read('projections'), groups: read('groups') } as Parameters
  requireValues(start, plain, field, latencyOf)
  return plain
}

/** The arrays of all projections, or of all groups. */
function readArrays(given: unknown, held: readonly HeldArray[], field: string): Arrays {
  const record = readRecord(given, field)
  const names = [...new Set(held.map(({ of }) => of))]
  const stranger = Object.keys(record).find((name) => !names.includes(name))
  if (stranger !== undefined) throw stateMismatch(field, `"${stranger}"`, `only ${names.join(', ')}`)
  return Object.fromEntries(
    names.map((name) => {
      const own = held.filter(({ of }) => of === name)
      if (!Object.hasOwn(record, name)) throw stateMismatch(field, `no "${name}"`, names.join(', '))
      const place = `${field}.${name}`
      const arraysOf = readRecord(entryOf(record, name), place)
      refuseUnknown(
        arraysOf,
        own.map((array) => array.name),
        place,
      )
      return [name, Object.fromEntries(own.flatMap((array) => readArray(entryOf(arraysOf, array.name), array, place)))]
    }),
  )
}

function readArray(value: unknown, array: HeldArray, place: string): readonly (readonly [string, Float64Array])[] {
  const { kind, name, of, length } = array
  if (kind === 'taus' && value === undefined) return []
  const values = instanceOf(Float64Array)(value, `${place}.${name}`)
  requireLength(values, length, `${array.field ?? kind} of "${of}"`)
  return [[name, values]]
}

function requireValues(
  start: NetworkInstance,
  parameters: Parameters,
  field: string,
  latencyOf: LatencyOfProjection | undefined,
): void {
  const now = instanceWith(start, parameters)
  try {
    requireInstance(now, {
      group: (_, name) => `${field}.groups.${name}`,
      projection: ({ key }) => `${field}.projections.${key}`,
    })
  } catch (error) {
    throw error instanceof InputError ? withRemedy(error) : error
  }
  const key = collapsedProjection(start, now, latencyOf)
  if (key === null) return
  throw new InputError({
    code: 'DELAY_CYCLE',
    field: `${field}.projections.${key}.delays`,
    found: 'delays with which spikes go round a cycle in next to no time',
    expected: 'delays with which they take as long as when the session was opened, or half of it',
    remedy: 'Open a session on a network that has these delays.',
  })
}

/** What helps where a number is written is no help here. */
function withRemedy({ mistake, cause }: InputError): InputError {
  const remedy = 'Give parameters that the network could be described with, such as those that a session has.'
  return new InputError({ ...mistake, remedy, cause })
}
