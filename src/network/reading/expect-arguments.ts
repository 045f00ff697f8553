import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Network } from '../description/network.js'
import { expectList, expectObject, wrongType } from './expect.js'

/** A network, as far as one can tell without going through it; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectNetwork<Names extends string>(value: Network<Names>, field = 'network'): Network<Names> {
  const { groups, projections } = expectObject(value, field)
  if (areRecords(groups) && areRecords(projections)) return value
  throw wrongType(value, field, 'a network, as defineNetwork and parseNetwork make it')
}

function areRecords(list: unknown): boolean {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null)
}

/** A function; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectFunction<Given>(value: Given, field: string): Given {
  if (typeof value === 'function') return value
  throw wrongType(value, field, 'a function')
}

/** An object with certain methods; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectMethods<Given>(
  value: Given,
  methods: readonly (keyof Given & string)[],
  field: string,
  expected: string,
): Given {
  const record = expectObject(value, field)
  // Methods may be inherited.
  if (methods.every((name) => typeof Reflect.get(record, name) === 'function')) return value
  throw wrongType(value, field, expected)
}

/** A number of any kind; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectNumber(value: unknown, field: string): number {
  if (typeof value === 'number') return value
  throw wrongType(value, field, 'a number')
}

/** A typed array of one of these classes; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectArray<Class extends { readonly name: string; new (length: number): object }>(
  value: unknown,
  type: Class,
  field: string,
): InstanceType<Class> {
  if (value instanceof type) return value as InstanceType<Class>
  throw wrongType(value, field, `a ${type.name}`)
}

/** A list of objects; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectRecords<Entry>(value: readonly Entry[], field: string): readonly Entry[] {
  expectList(value, field).forEach((entry, k) => {
    expectObject(entry, `${field}[${k}]`)
  })
  return value
}

/** Spike trains, as far as their arrays are there; raises `FIELD_MISSING` or `FIELD_TYPE`. */
export function expectTrains(value: SpikeTrains, field: string): SpikeTrains {
  const { offsets, times, units } = expectObject(value, field)
  expectArray(offsets, Uint32Array, `${field}.offsets`)
  expectArray(times, Float64Array, `${field}.times`)
  expectArray(units, Uint32Array, `${field}.units`)
  return value
}
