/** Indices by key: those of key k are indices[starts[k]] … indices[starts[k + 1] - 1], ascending. */
export interface IndicesByKey {
  readonly starts: Uint32Array
  readonly indices: Uint32Array
}

/** Which indices are sorted: from … to - 1, and of these only those that are kept. Default: all. */
export interface IndexRange {
  readonly from?: number
  readonly to?: number
  readonly isKept?: (index: number) => boolean
}

/** Sorts the indices of an array by its values, keys below `count`, by a counting sort. */
export function indicesByKey(
  keys: ArrayLike<number>,
  count: number,
  { from = 0, to = keys.length, isKept }: IndexRange = {},
): IndicesByKey {
  const starts = new Uint32Array(count + 1)
  for (let k = from; k < to; k++) {
    if (isKept !== undefined && !isKept(k)) continue
    const behind = (keys[k] as number) + 1
    starts[behind] = (starts[behind] as number) + 1
  }
  for (let key = 0; key < count; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number)
  const next = starts.slice()
  const indices = new Uint32Array(starts[count] as number)
  for (let k = from; k < to; k++) {
    if (isKept !== undefined && !isKept(k)) continue
    const key = keys[k] as number
    const place = next[key] as number
    indices[place] = k
    next[key] = place + 1
  }
  return { starts, indices }
}
