/** A unit for people: figures have `us` where a letter that is no ASCII would be in the way of programs. */
export function unitWords(unit: string): string {
  return unit.replace(/^us\b/, 'µs')
}
