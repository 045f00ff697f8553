import { oneLine } from '../events/printable.js'
import type { Shown } from './shown.js'

export type Cell = string | number

/** A table as text: a head, and columns as wide as they need; numbers stand to the right. */
export function formatTable(titles: readonly string[], cells: readonly (readonly Cell[])[]): Shown {
  const [head, rows] = [titles.map((title) => oneLine(title)), cells.map((row) => row.map(shownCell))]
  const widths = head.map((title, column) => {
    return rows.reduce((widest, row) => Math.max(widest, String(row[column] ?? '').length), title.length)
  })
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'))
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return isNumber[column] === true ? String(cell).padStart(width) : String(cell).padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return `${[head, ...rows].map(line).join('\n')}\n` as Shown
}

/** What others wrote must be one line, and visible, so that rows stay rows. */
function shownCell(cell: Cell): Cell {
  return typeof cell === 'number' ? cell : oneLine(cell)
}
