// Trains the rows of the table of results and keeps what they reached in results/; a row that is broken off goes on.
import { mkdir, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { ROWS } from './rows/index.js'
import type { ResultRow } from './rows/row.js'
import { runRow } from './run-row.js'
import { formatTable, readMeasured } from './table.js'

interface Flags {
  readonly mnist?: string
  readonly fashionMnist?: string
  readonly table: boolean
}

function chosen(names: readonly string[]): readonly ResultRow[] {
  if (names.length === 0) return ROWS
  return names.map((name) => {
    const row = ROWS.find((each) => each.name === name)
    if (row !== undefined) return row
    throw new Error(`found "${name}", expected one of ${ROWS.map((each) => each.name).join(', ')}`)
  })
}

async function measure(names: readonly string[], flags: Flags): Promise<void> {
  await mkdir('results', { recursive: true })
  if (!flags.table)
    for (const row of chosen(names)) {
      console.error(`${row.name}: ${row.task}, ${row.network}`)
      const folders = { mnist: flags.mnist, 'fashion-mnist': flags.fashionMnist }
      const measured = await runRow(row, folders, (line) => console.error(line.slice(0, 160)))
      await writeFile(`results/${row.name}.json`, `${JSON.stringify(measured, null, 2)}\n`)
    }
  console.log(formatTable(await readMeasured('results')))
}

new Command('npm run results --')
  .description('Trains rows of the table of results, all unless some are named, and prints the table.')
  .argument('[rows...]', ROWS.map(({ name }) => name).join(', '))
  .option('--mnist <dir>', 'folder with the files of MNIST')
  .option('--fashion-mnist <dir>', 'folder with the files of Fashion-MNIST')
  .option('--table', 'only print what has been measured', false)
  .action(measure)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
