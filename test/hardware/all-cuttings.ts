/** Every way to cut `count` loads into `parts` segments, none of them empty. */
export function allCuttings(count: number, parts: number, start = 0): number[][] {
  if (parts === 1) return start < count ? [[count]] : []
  const firsts = Array.from({ length: Math.max(0, count - start - 1) }, (_, k) => start + k + 1)
  return firsts.flatMap((end) => allCuttings(count, parts - 1, end).map((rest) => [end, ...rest]))
}

/** The segments of a list that end where `ends` says. */
export function segments<T>(list: readonly T[], ends: readonly number[]): T[][] {
  return ends.map((end, k) => list.slice(ends[k - 1] ?? 0, end))
}
