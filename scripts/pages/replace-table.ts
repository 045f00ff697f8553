/**
 * A page with one of its tables written anew: what stands between `<!-- table: NAME -->` and `<!-- end -->`.
 *
 * Raises an `Error` if the page has no such place.
 */
export function replaceTable(page: string, name: string, table: string): string {
  const beginning = `<!-- table: ${name} -->`
  const from = page.indexOf(beginning)
  const to = page.indexOf('<!-- end -->', from)
  if (from < 0 || to < 0) throw new Error(`found no table "${name}", expected ${beginning} … <!-- end --> in the page`)
  return `${page.slice(0, from + beginning.length)}\n\n${table}\n\n${page.slice(to)}`
}
