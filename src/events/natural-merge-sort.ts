/**
 * Sorts `order[0 … count)`, indices into `keys`, by key; equal keys by `before`. Natural merge sort: linear on runs
 * that are already in order, and stable.
 *
 * @param spare scratch of the same length as `order`
 * @param before strict order of two indices with equal keys
 * @param merged called after each merge with the number of merged entries
 */
export function sortByKey(
  order: Int32Array,
  spare: Int32Array,
  count: number,
  keys: Float64Array,
  before: (a: number, b: number) => boolean,
  merged: (entries: number) => void = () => undefined,
): void {
  let source = order
  let target = spare
  for (;;) {
    let runs = 0
    let at = 0
    while (at < count) {
      const middle = runEnd(source, at, count, keys, before)
      const end = middle < count ? runEnd(source, middle, count, keys, before) : middle
      if (at === 0 && end === count && middle === count) {
        if (source !== order) order.set(source.subarray(0, count))
        return
      }
      merge(source, target, at, middle, end, keys, before)
      merged(end - at)
      at = end
      runs++
    }
    if (runs === 0) return
    ;[source, target] = [target, source]
  }
}

/**
 * The places of spikes, trial after trial, in the order of their times; equal times by `before`, by default as they stand.
 *
 * @param offsets where the spikes of each trial begin, and their number
 */
export function placesInOrder(
  offsets: ArrayLike<number>,
  times: Float64Array,
  before: (a: number, b: number) => boolean = () => false,
): Int32Array {
  const order = new Int32Array(offsets[offsets.length - 1] as number)
  for (let k = 0; k < order.length; k++) order[k] = k
  const spare = new Int32Array(order.length)
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
    sortByKey(order.subarray(from, to), spare, to - from, times, before)
  }
  return order
}

function inOrder(a: number, b: number, keys: Float64Array, before: (a: number, b: number) => boolean): boolean {
  const ka = keys[a] as number
  const kb = keys[b] as number
  return ka < kb || (ka === kb && !before(b, a))
}

function runEnd(
  order: Int32Array,
  from: number,
  count: number,
  keys: Float64Array,
  before: (a: number, b: number) => boolean,
): number {
  let at = from + 1
  while (at < count && inOrder(order[at - 1] as number, order[at] as number, keys, before)) at++
  return at
}

function merge(
  source: Int32Array,
  target: Int32Array,
  from: number,
  middle: number,
  end: number,
  keys: Float64Array,
  before: (a: number, b: number) => boolean,
): void {
  let a = from
  let b = middle
  let to = from
  while (a < middle && b < end) {
    const left = source[a] as number
    const right = source[b] as number
    if (inOrder(left, right, keys, before)) {
      target[to++] = left
      a++
    } else {
      target[to++] = right
      b++
    }
  }
  while (a < middle) target[to++] = source[a++] as number
  while (b < end) target[to++] = source[b++] as number
}
