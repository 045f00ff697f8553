/** An estimate and how far off it may be. */
export interface Quotient {
  readonly value: number
  readonly error: number
}

/** Entries of the table that have to agree before one is believed. */
const WITNESSES = 4

/**
 * Extrapolates central difference quotients at steps h, h/2, h/4, … to step 0, with an error estimate.
 *
 *     D(h) = f' + a h^2 + b h^4 + …        T[i][0] = D(h 2^-i)
 *     T[i][j] = T[i][j-1] + (T[i][j-1] - T[i-1][j-1]) / (4^j - 1)
 *
 * Takes the entry that is closest to its neighbours in the table. Its error estimate is that distance plus the rounding
 * of its quotients, or the distance to the next best entries if that is larger: without a true limit two neighbours may
 * agree by chance, four hardly ever. `roundings[i]` bounds the rounding error of `quotients[i]`; at least two quotients.
 * Source: after Ridders 1982 (Adv. Eng. Software 4:75).
 */
export function richardson(quotients: readonly number[], roundings: readonly number[]): Quotient {
  const entries = table(quotients, roundings).toSorted((a, b) => a.error - b.error)
  const best = entries[0] as Quotient
  const witnesses = entries.slice(1, WITNESSES).map(({ value }) => Math.abs(value - best.value))
  return { value: best.value, error: Math.max(best.error, ...witnesses) }
}

/** The extrapolated entries of the table, each with the distance to its farthest neighbour. */
function table(quotients: readonly number[], roundings: readonly number[]): Quotient[] {
  const entries: Quotient[] = []
  let above: number[] = []
  for (const [level, quotient] of quotients.entries()) {
    const row = [quotient]
    // The factors (4^j + 1) / (4^j - 1) by which extrapolation amplifies rounding multiply to less than 2.
    const rounding = 2 * Math.max(roundings[level] as number, (roundings[level - 1] ?? 0) / 4)
    for (let order = 1, weight = 4; order <= level; order++, weight *= 4) {
      const finer = row[order - 1] as number
      const coarser = above[order - 1] as number
      const value = finer + (finer - coarser) / (weight - 1)
      const neighbours = [finer, coarser, above[order] ?? finer]
      row.push(value)
      entries.push({ value, error: Math.max(...neighbours.map((each) => Math.abs(value - each))) + rounding })
    }
    above = row
  }
  return entries
}
