import { arraysOfKind, type CheckedKind, type Setting } from './checked-numbers.js'

/** Places of the numbers of a kind that can be moved by a step either way and still mean the same. */
export function movableNumbers(setting: Setting, kind: CheckedKind, step: number): readonly number[] {
  if (kind === 'inputTimes') return betweenNeighbours(setting, step)
  const { projections } = setting.instance
  const absent = projections.flatMap(({ absent: mask, weights }) => Array.from(weights, (_, k) => mask?.[k] === 1))
  const canMove = (value: number, index: number): boolean => {
    switch (kind) {
      case 'weights':
        return absent[index] !== true && Math.abs(value) > step
      case 'delays':
      case 'adaptation':
        return value > step
      default:
        return true
    }
  }
  const values = arraysOfKind(setting, kind).flatMap((array) => Array.from(array))
  return values.flatMap((value, index) => (canMove(value, index) ? [index] : []))
}

/** Input spikes that stay in order, and after the start, when one of them moves. */
function betweenNeighbours({ trials }: Setting, step: number): readonly number[] {
  const free: number[] = []
  let first = 0
  for (const { offsets, times } of Object.values(trials.inputs)) {
    for (let trial = 0; trial < trials.count; trial++) {
      const start = offsets[trial] as number
      const train = times.subarray(start, offsets[trial + 1])
      train.forEach((time, k) => {
        const before = train[k - 1] ?? 0
        const after = train[k + 1] ?? Number.POSITIVE_INFINITY
        if (before < time - step && time + step < after) free.push(first + start + k)
      })
    }
    first += times.length
  }
  return free
}
