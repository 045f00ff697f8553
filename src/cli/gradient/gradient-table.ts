import { joined, type Shown, shown, shownLines } from '../shown.js'
import { type Cell, formatTable } from '../table.js'
import type { GradientReport } from './gradient-report.js'

/** A summary of a gradient for the eye: one line per kind of parameter. */
export function gradientTable({ loss, spikes, gradients, inputTimes, grazing }: GradientReport): Shown {
  const rows: Cell[][] = []
  for (const [name, kinds] of Object.entries(gradients)) {
    for (const [kind, values] of Object.entries(kinds)) rows.push(summary(name, kind, values))
  }
  for (const [name, values] of Object.entries(inputTimes)) rows.push(summary(name, 'input times', values))
  const counts = Object.entries(spikes).map(([name, { times }]) => `${name} ${times.length}`)
  return joined([
    shownLines([
      `loss     ${loss ?? 'none: the label unit is silent'}`,
      `spikes   ${counts.join(', ')}`,
      `grazing  ${grazing}`,
      '',
    ]),
    formatTable(['of', 'with respect to', 'values', 'smallest', 'largest'], rows),
    shown`\nUse --json for every value.\n`,
  ])
}

type Values = number | Float64Array | readonly (readonly (number | null)[])[]

function summary(name: string, kind: string, values: Values): Cell[] {
  const numbers =
    typeof values === 'number'
      ? [values]
      : Array.from<Row>(values)
          .flat()
          .filter((value) => value !== null)
  const low = numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return [name, kind, numbers.length, ...(numbers.length === 0 ? ['', ''] : [low.toPrecision(8), high.toPrecision(8)])]
}

type Row = number | readonly (number | null)[]
