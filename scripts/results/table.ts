import { readdir, readFile } from 'node:fs/promises'
import type { Spread } from '../../dist/learning/spread.js'
import { markdownTable } from '../pages/markdown-table.js'
import type { Measured } from './measured.js'
import { ROWS } from './rows/index.js'

/** Values from which a table shows median and range. */
const MANY = 8

const HEAD = ['task', 'network', 'on the test split', 'to reach', 'hidden spikes', 'epochs', 'ms CPU a sample', 'NAME']

/** What has been measured, in the order of the rows. */
export async function readMeasured(folder: string): Promise<readonly Measured[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
  const found = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as Measured),
  )
  const place = ({ row }: Measured) => ROWS.findIndex(({ name }) => name === row)
  return found.filter((measured) => place(measured) >= 0).sort((a, b) => place(a) - place(b))
}

/** The table of results as Markdown; NAME is the row for `npm run results -- NAME`. */
export function formatTable(measured: readonly Measured[]): string {
  const rows = measured.map(({ task, network, testAccuracy, timingError, hiddenSpikes, bar, epochs, ...rest }) => [
    task,
    network,
    timingError === undefined ? `${comparedText(testAccuracy, 2)} %` : `off by ${comparedText(timingError, 4)} ms`,
    orNothing(bar),
    hiddenSpikes === undefined ? '' : String(Math.round(hiddenSpikes.mean)),
    String(epochs),
    orNothing(rest.cpuMillisecondsPerSample),
    `\`${rest.row}\``,
  ])
  return markdownTable(HEAD, rows)
}

/** Mean ± standard deviation (number of values). */
export function spreadText({ mean, std, values }: Spread, digits: number): string {
  return mean.toFixed(digits) + (std === null ? '' : ` ± ${std.toFixed(digits)} (${values.length})`)
}

/** The same, with median and range beside it of a row that has many seeds. */
function comparedText(spread: Spread, digits: number): string {
  const text = spreadText(spread, digits)
  if (spread.values.length < MANY) return text
  const sorted = spread.values.toSorted((a, b) => a - b)
  const [middle, least, most] = [median(sorted), sorted.at(0), sorted.at(-1)].map((value) => value?.toFixed(digits))
  return `${text}, median ${middle} [${least}, ${most}]`
}

function median(sorted: readonly number[]): number {
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

function orNothing(value: number | null): string {
  return value === null ? '' : String(value)
}
