/** The first place below `count` at which something holds that holds from there on; `count` if there is none. */
export function firstWhere(count: number, holds: (at: number) => boolean): number {
  let [from, to] = [0, count]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
