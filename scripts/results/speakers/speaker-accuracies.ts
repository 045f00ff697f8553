/** Accuracy in percent per value of a group, over all tables: a row per sample, as `evaluate --predictions` writes it. */
export function accuraciesBy(group: string, tables: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, { right: number; all: number }>()
  for (const table of tables) {
    const [head = [], ...rows] = table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','))
    const column = (name: string) => {
      const place = head.indexOf(name)
      if (place < 0) throw new Error(`found a table of ${head.join(', ')}, expected a column "${name}"`)
      return place
    }
    const [of, label, predicted] = [column(group), column('label'), column('predicted')]
    for (const row of rows) {
      const found = counts.get(row[of] as string) ?? { right: 0, all: 0 }
      counts.set(row[of] as string, {
        right: found.right + (row[label] === row[predicted] ? 1 : 0),
        all: found.all + 1,
      })
    }
  }
  return new Map([...counts].map(([value, { right, all }]) => [value, (100 * right) / all]))
}
