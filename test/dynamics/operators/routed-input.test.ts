import { expect, test } from 'vitest'
import type { CheckedOperator } from '../../../src/dynamics/operators/checked-operator.js'
import type { OperatorAnswer, OperatorBatch } from '../../../src/dynamics/operators/operator.js'
import { RoutedInput } from '../../../src/dynamics/operators/routed-input.js'

const UNITS = { start: 2, end: 6 }

function operatorOf(apply: (batch: OperatorBatch) => OperatorAnswer, least = 0): CheckedOperator {
  const place = { module: 'operator.mjs', projection: 'a->b' }
  return { place, origin: { seed: 1, name: 'a->b/0', sourceSize: 8 }, least, apply }
}

/** Of one trial; each a unit and a time. */
function batchOf(sequence: number, end: number, spikes: readonly (readonly [unit: number, time: number])[]) {
  return {
    ...{ stream: 'a', sequence, window: { start: end - 10, end } },
    offsets: Uint32Array.of(0, spikes.length),
    times: Float64Array.from(spikes, ([, time]) => time),
    units: Uint32Array.from(spikes, ([unit]) => unit),
  }
}

const inputOf = (operators: readonly CheckedOperator[], firstTrial = 0) =>
  new RoutedInput(operators, UNITS, 1, { draw: 0, firstTrial }, true)

/** Drops units below 4, delays the others by 5 ms, with a slope of 1/2. */
const HALF = operatorOf(({ units }) => ({
  keep: Uint8Array.from(units, (unit) => (unit < 4 ? 0 : 1)),
  extra: Float64Array.from(units, () => 5),
  slope: Float64Array.from(units, () => 0.5),
}))

test('gradients come back to the spikes as they were sent: dropped ones get +0, others 1 + slope times their own', () => {
  const input = inputOf([HALF])
  const sent = [
    batchOf(0, 10, [
      [2, 1],
      [4, 2],
      [4, 5],
      [5, 8],
    ]),
    batchOf(1, 20, [[3, 12]]),
  ]
  const routed = sent.map((batch) => input.route(batch))
  expect(routed.map(({ units, times }) => [Array.from(units), Array.from(times)])).toEqual([
    [[4], [7]],
    [
      [4, 5],
      [10, 13],
    ],
  ])
  // Two nodes, the last batch first.
  const second = input.restore({ batch: routed[1]!, values: Float64Array.of(8, 4, 80, 40) }, 2)
  expect(second.batch).toBe(sent[1])
  expect(Array.from(second.values, (value) => Object.is(value, 0))).toEqual([true, true])
  const first = input.restore({ batch: routed[0]!, values: Float64Array.of(-2, -20) }, 2)
  expect(first.batch).toBe(sent[0])
  // `toEqual` tells +0 from -0.
  expect(Array.from(first.values)).toEqual([0, -3, 12, 6, 0, -30, 120, 60])
})

test('slopes of operators in a row are multiplied', () => {
  const sloped = (value: number) => operatorOf(({ times }) => ({ slope: new Float64Array(times.length).fill(value) }))
  const input = inputOf([sloped(0.5), sloped(3)])
  const routed = input.route(batchOf(0, 10, [[2, 1]]))
  expect(Array.from(input.restore({ batch: routed, values: Float64Array.of(2) }, 1).values)).toEqual([12])
})

test('windows leave later by the sum of what operators declare as their least', () => {
  const wait = (least: number) =>
    operatorOf(({ times }) => ({ extra: new Float64Array(times.length).fill(least) }), least)
  const { window, times } = inputOf([wait(1), wait(2)]).route(
    batchOf(0, 10, [
      [2, 7],
      [3, 9.5],
    ]),
  )
  expect(window).toEqual({ start: 3, end: 13 })
  expect(Array.from(times)).toEqual([10, 12.5])
})

test('spikes are numbered per unit, through batches and on from a state; trials by their place in the whole', () => {
  const seen: unknown[] = []
  const spy = operatorOf(({ trial, units, numbers }) => {
    seen.push([trial, Array.from(units), Array.from(numbers)])
    return {}
  })
  const input = inputOf([spy], 7)
  input.route(
    batchOf(0, 10, [
      [2, 1],
      [3, 2],
      [2, 3],
    ]),
  )
  input.route(batchOf(1, 20, [[2, 11]]))
  const { counts, waiting } = input.state
  const resumed = inputOf([spy], 7)
  resumed.resume(counts, waiting)
  resumed.route(
    batchOf(2, 30, [
      [3, 21],
      [2, 22],
      [5, 23],
    ]),
  )
  expect(seen).toEqual([
    [7, [2, 3, 2], [0, 0, 1]],
    [7, [2], [2]],
    [7, [3, 2, 5], [1, 3, 0]],
  ])
})

test('a second operator sees spikes in the order in which they leave the first', () => {
  const seen: number[][] = []
  const swap = operatorOf(({ times }) => ({ extra: Float64Array.from(times, (time) => 2 * (9 - time)) }))
  const spy = operatorOf(({ times }) => {
    seen.push(Array.from(times))
    return {}
  })
  inputOf([swap, spy]).route(
    batchOf(0, 10, [
      [2, 1],
      [3, 2],
    ]),
  )
  expect(seen).toEqual([[16, 17]])
})
