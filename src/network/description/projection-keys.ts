/** The keys that projections have without a name: `source->target`, the second of the same pair `source->target#2`, … */
export function projectionKeys(projections: readonly { readonly source: string; readonly target: string }[]): string[] {
  const counts = new Map<string, number>()
  return projections.map(({ source, target }) => {
    const pair = `${source}->${target}`
    const number = (counts.get(pair) ?? 0) + 1
    counts.set(pair, number)
    return number === 1 ? pair : `${pair}#${number}`
  })
}
