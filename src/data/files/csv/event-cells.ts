import { InputError } from '../../../events/errors.js'
import { wrongEventTime, wrongEventUnit } from '../../recordings/file-errors.js'
import { MOST_UNITS } from '../../recordings/recordings-description.js'
import type { TimeScale } from '../tables/column-names.js'
import type { EventPlaces, PlaceColumn } from '../tables/event-columns.js'
import { growingList } from '../tables/growing-list.js'

/** A cell of a table. */
export interface Cell {
  readonly text: string
  readonly column: string
  readonly line: number
}

/** Where the error is. */
export function placeOfCell({ column, line }: Cell): string {
  return `line ${line}, column ${JSON.stringify(column)}`
}

/** The events of the rows that were read. */
export interface EventCells {
  /** One more of a recording; none where all cells are empty. */
  add(sample: number, time: Cell, places: readonly Cell[]): void
  finish(): {
    /** In ms. */
    readonly times: Float64Array
    /** The recording of each event. */
    readonly owners: Uint32Array
    readonly places: EventPlaces
    lineOf(event: number): number
  }
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const TRUTHS: ReadonlyMap<string, number> = new Map(Object.entries({ true: 1, false: 0, True: 1, False: 0 }))

export function createEventCells(
  columns: readonly (readonly [PlaceColumn, string])[],
  { times: factor, over }: TimeScale,
  file: string,
): EventCells {
  const times = growingList(Float64Array)
  const owners = growingList(Uint32Array)
  const lines = growingList(Uint32Array)
  const places = columns.map(() => growingList(Int32Array))
  const isPolarity = columns.map(([role]) => role === 'polarity')
  let hasMinus = false

  const readPlace = (cell: Cell, column: number): number => {
    const { text } = cell
    const sign = isPolarity[column] === true
    const value = (sign ? TRUTHS.get(text) : undefined) ?? numberIn(cell, file)
    if (sign && value === -1) {
      hasMinus = true
      return value
    }
    if (Number.isInteger(value) && value >= 0 && value < MOST_UNITS) return value
    throw wrongEventUnit({ file, field: placeOfCell(cell), found: text }, MOST_UNITS, 'Number them from 0.')
  }

  return {
    add: (sample, time, cells) => {
      if (time.text === '' && cells.every(({ text }) => text === '')) return
      const value = numberIn(time, file)
      if (!(value >= 0 && value < Infinity)) throw wrongEventTime({ file, field: placeOfCell(time) }, value)
      for (const [column, cell] of cells.entries()) places[column]?.push(readPlace(cell, column))
      times.push((value * factor) / over + 0)
      owners.push(sample)
      lines.push(time.line)
    },
    finish: () => {
      const numbers = lines.values()
      const [first, y, polarity] = places.map((list) => list.values())
      const signs = hasMinus ? polarity?.map((value) => (value === -1 ? 0 : value)) : polarity
      const found: EventPlaces =
        y === undefined
          ? { kind: 'units', units: first as Int32Array }
          : { kind: 'pixels', x: first as Int32Array, y, polarity: signs ?? null }
      return { times: times.values(), owners: owners.values(), places: found, lineOf: (k) => numbers[k] as number }
    },
  }
}

function numberIn(cell: Cell, file: string): number {
  const { text } = cell
  const value = Number(text)
  // Number() takes blanks and hexadecimal digits, too.
  if (DECIMAL.test(text) && Number.isFinite(value)) return value
  const isNone = /^[+-]?(nan|inf|infinity)$/i.test(text) || DECIMAL.test(text)
  throw new InputError({
    code: text === '' ? 'FIELD_MISSING' : isNone ? 'NUMBER_NOT_FINITE' : 'FIELD_TYPE',
    ...{ file, field: placeOfCell(cell), found: text === '' ? 'nothing' : JSON.stringify(text.slice(0, 100)) },
    expected: 'a finite number',
    remedy: /^[+-]?\d+,\d+$/.test(text) ? 'Write decimals with a point.' : 'Mend the cell, or leave the row out.',
  })
}
