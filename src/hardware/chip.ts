import { InputError } from '../events/errors.js'
import { describeValue } from '../network/reading/describe-value.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readRecord } from '../network/reading/read-value.js'

/** A mesh of equal cores; core k sits in column k mod columns of row floor(k / columns). */
export interface Chip {
  readonly columns: number
  readonly rows: number
  /** Most neurons of a core, sources apart; Infinity if there is no limit. */
  readonly neuronsPerCore: number
  /** Most synapses into the neurons of a core; Infinity if there is no limit. */
  readonly synapsesPerCore: number
}

export interface MeshOptions {
  readonly columns: number
  readonly rows: number
  /** Default: no limit. */
  readonly neuronsPerCore?: number
  /** Default: no limit. */
  readonly synapsesPerCore?: number
}

export const CHIP_FIELDS: readonly string[] = Object.keys({
  columns: true,
  rows: true,
  neuronsPerCore: true,
  synapsesPerCore: true,
} satisfies Readonly<Record<keyof MeshOptions, true>>)

/**
 * A chip of columns x rows cores.
 *
 * Raises `InputError`: `CHIP_INVALID` for a size that is no integer from 1 (a limit may be Infinity), `FIELD_UNKNOWN`.
 *
 * @example place(network, mesh({ columns: 2, rows: 2, neuronsPerCore: 1024 }))
 */
export function mesh(options: MeshOptions): Chip {
  const given = readRecord(options, 'chip')
  refuseUnknown(given, CHIP_FIELDS, '$')
  const size = (field: 'columns' | 'rows') => requireSize(given[field], field)
  const limit = (field: 'neuronsPerCore' | 'synapsesPerCore') => {
    const value = given[field] ?? Number.POSITIVE_INFINITY
    return value === Number.POSITIVE_INFINITY
      ? value
      : requireSize(value, field, 'an integer from 1, or nothing for no limit')
  }
  return Object.freeze({
    columns: size('columns'),
    rows: size('rows'),
    neuronsPerCore: limit('neuronsPerCore'),
    synapsesPerCore: limit('synapsesPerCore'),
  })
}

/** The most square mesh of exactly `cores` cores, without limits; it is at least as wide as it is high. */
export function squareMesh(cores: number): Chip {
  requireSize(cores, 'cores')
  let rows = Math.floor(Math.sqrt(cores))
  while (cores % rows !== 0) rows--
  return mesh({ columns: cores / rows, rows })
}

/** An integer from 1, or CHIP_INVALID. */
export function requireSize(value: unknown, field: string, expected = 'an integer from 1'): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
  throw new InputError({ code: 'CHIP_INVALID', field, found: describeValue(value), expected })
}
