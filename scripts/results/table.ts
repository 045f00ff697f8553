import { readdir, readFile } from 'node:fs/promises'
import type { Measured } from './measured.js'
import { ROWS } from './rows.js'

/** What has been measured, in the order of the rows. */
export async function readMeasured(folder: string): Promise<readonly Measured[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'))
  const found = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(`${folder}/${file}`, 'utf8')) as Measured),
  )
  const place = ({ row }: Measured) => ROWS.findIndex(({ name }) => name === row)
  return found.filter((measured) => place(measured) >= 0).sort((a, b) => place(a) - place(b))
}

/** The table of results as Markdown. */
export function formatTable(measured: readonly Measured[]): string {
  const head = ['task', 'network', 'test accuracy, %', 'bar', 'aim', 'minutes', 'command']
  const rows = measured.map(({ task, network, testAccuracy, bar, aim, minutes, row }) => {
    const { mean, std, values } = testAccuracy
    const spread = std === null ? '' : ` ± ${std.toFixed(2)} (${values.length})`
    const number = (value: number | null) => (value === null ? '' : String(value))
    return [
      task,
      network,
      `${mean.toFixed(2)}${spread}`,
      number(bar),
      number(aim),
      number(minutes),
      `\`npm run results -- ${row}\``,
    ]
  })
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
