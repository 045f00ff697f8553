import { ROWS } from './index.js'
import type { ResultRow } from './row.js'

const METHOD_FLAGS = ['--method', '--dt']

/** The row of that name. Raises `Error` if there is none. */
export function rowNamed(name: string): ResultRow {
  const row = ROWS.find((each) => each.name === name)
  if (row === undefined) throw new Error(`found "${name}", expected one of ${ROWS.map((each) => each.name).join(', ')}`)
  return row
}

/** Flags for `antidrome evaluate` with which networks of a row run as they learned: the surrogate's in its time steps. */
export function methodOf({ train }: ResultRow): readonly string[] {
  return METHOD_FLAGS.flatMap((flag) => {
    const place = train.indexOf(flag)
    return place < 0 ? [] : train.slice(place, place + 2)
  })
}

/** What trains a row, as one types it. */
export function commandOf({ name, data }: ResultRow): string {
  return `npm run results -- ${name}${data === undefined ? '' : ` --${data} DIR`}`
}
