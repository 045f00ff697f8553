/** The known name that a misspelt one was most likely meant to be; null if none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const given = name.toLowerCase()
  const ranked = known
    .map((each) => ({ each, steps: editDistance(given, each.toLowerCase()) }))
    .filter(({ each, steps }) => steps <= Math.max(1, Math.floor(Math.min(name.length, each.length) / 3)))
    .sort((a, b) => a.steps - b.steps)
  return ranked[0]?.each ?? null
}

/** What is to be done about a name that is nearly a known one; nothing where none is near. */
export function suggestionFor(name: unknown, known: readonly string[]): { readonly remedy?: string } {
  const meant = typeof name === 'string' ? nearestName(name, known) : null
  return meant === null ? {} : { remedy: `Did you mean "${meant}"?` }
}

/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour to make one text of another.
 *
 * Source: Damerau 1964 (Commun. ACM 7:171), optimal string alignment.
 */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, k) => k)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (before[j - 2] as number) + 1 : changed
      row.push(Math.min(changed, swapped, (last[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    before = last
    last = row
  }
  return last[b.length] as number
}
