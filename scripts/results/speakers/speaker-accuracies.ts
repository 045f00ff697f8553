import { csvRows } from '../../../dist/data/files/csv/csv-rows.js'

/** Accuracy in percent per value of a group, over all tables: a row per sample, as `evaluate --predictions` writes it. */
export async function accuraciesBy(group: string, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, { right: number; all: number }>()
  for (const table of tables) {
    let columns: readonly [of: number, label: number, predicted: number] | null = null
    for await (const { cells } of csvRows([Buffer.from(table)], 'predictions')) {
      if (columns === null) {
        columns = [columnOf(cells, group), columnOf(cells, 'label'), columnOf(cells, 'predicted')]
        continue
      }
      const [of, label, predicted] = columns
      const found = counts.get(cells[of] as string) ?? { right: 0, all: 0 }
      const isRight = cells[label] === cells[predicted]
      counts.set(cells[of] as string, { right: found.right + Number(isRight), all: found.all + 1 })
    }
  }
  return new Map([...counts].map(([value, { right, all }]) => [value, (100 * right) / all]))
}

function columnOf(head: readonly string[], name: string): number {
  const place = head.indexOf(name)
  if (place < 0) throw new Error(`found a table of ${head.join(', ')}, expected a column "${name}"`)
  return place
}
