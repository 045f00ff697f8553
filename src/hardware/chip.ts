import { refuseUnknown } from '../network/reading/read-fields.js'
import { readRecord, valueThat } from '../network/reading/read-value.js'

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
  const size = (field: 'columns' | 'rows') => readSize(given[field], field)
  const limit = (field: 'neuronsPerCore' | 'synapsesPerCore') =>
    readLimit(given[field] ?? Number.POSITIVE_INFINITY, field)
  return Object.freeze({
    columns: size('columns'),
    rows: size('rows'),
    neuronsPerCore: limit('neuronsPerCore'),
    synapsesPerCore: limit('synapsesPerCore'),
  })
}

/** The most square mesh of exactly `cores` cores, without limits; it is at least as wide as it is high. */
export function squareMesh(cores: number): Chip {
  readSize(cores, 'cores')
  let rows = Math.floor(Math.sqrt(cores))
  while (cores % rows !== 0) rows--
  return mesh({ columns: cores / rows, rows })
}

/** An integer from 1, or CHIP_INVALID. */
export const readSize = valueThat<number>({ code: 'CHIP_INVALID', expected: 'an integer from 1', holds: isSize })

const readLimit = valueThat<number>({
  code: 'CHIP_INVALID',
  expected: 'an integer from 1, or nothing for no limit',
  holds: (value) => value === Number.POSITIVE_INFINITY || isSize(value),
})

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}
