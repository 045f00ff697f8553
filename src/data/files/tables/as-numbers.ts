/** Numbers, where all texts are what numbers are written as: 7, but not 007. */
export function asNumbers(texts: readonly string[]): readonly (number | string)[] {
  return texts.every((text) => String(Number(text)) === text && Number.isFinite(Number(text)))
    ? texts.map(Number)
    : texts
}
