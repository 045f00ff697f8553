import { expect, test } from 'vitest'
import { Memory } from '../../../src/dynamics/models/memory.js'
import { SpikeTape } from '../../../src/dynamics/models/spike-tape.js'

test('regions follow one another, and growing moves nothing', () => {
  const memory = new Memory()
  const [first, whole, last] = [memory.reals(3), memory.integers(3), memory.reals(1)]
  expect([first, whole, last]).toEqual([0, 6, 5])
  expect(memory.allocate()).toBe(6)
  memory.f64.set([1, 2, 3], first)
  memory.i32.set([4, 5, 6], whole)
  memory.f64[last] = 7
  memory.grow(100)
  expect(memory.f64.length).toBeGreaterThanOrEqual(100)
  expect([...memory.f64.subarray(0, 3), memory.f64[last]]).toEqual([1, 2, 3, 7])
  expect([...memory.i32.subarray(whole, whole + 3)]).toEqual([4, 5, 6])
  expect(memory.i32.buffer).toBe(memory.f64.buffer)
})

test('no region can be added once it is allocated', () => {
  const memory = new Memory()
  memory.allocate()
  expect(() => memory.reals(1)).toThrow('already allocated')
})

test.each([
  { split: false, refractory: false, jumps: false },
  { split: true, refractory: false, jumps: false },
  { split: false, refractory: true, jumps: true },
  { split: true, refractory: true, jumps: true },
])('a tape keeps every column of every record, %o', (columns) => {
  const memory = new Memory()
  const below = memory.reals(2)
  const tape = new SpikeTape(memory, columns)
  tape.begin(memory.allocate())
  memory.f64.set([-1, -2], below)
  const inhibition = columns.split ? -0.5 : 0
  for (let k = 0; k < 50; k++) {
    expect(tape.append(k / 2, k + 1, inhibition, 0.1 * k, k - 2)).toBe(k)
    tape.setPlace(k, 49 - k)
    tape.setCarried(k, k % 3 === 0 ? k / 8 : Number.NaN)
    if (columns.refractory && k % 2 === 0) tape.setEnd(k, k + 0.25, inhibition)
  }
  for (let k = 0; k < 50; k++) {
    expect([tape.time(k), tape.current(k), tape.adaptation(k)]).toEqual([k / 2, k + 1 + inhibition, 0.1 * k])
    expect([tape.previous(k), tape.place(k)]).toEqual([k - 2, 49 - k])
    expect(tape.carried(k)).toBe(columns.jumps && k % 3 === 0 ? k / 8 : Number.NaN)
    if (columns.refractory) expect(tape.endCurrent(k)).toBe(k % 2 === 0 ? k + 0.25 + inhibition : Number.NaN)
  }
  expect([...memory.f64.subarray(0, 2)]).toEqual([-1, -2])
  tape.clear()
  expect(tape.append(9, 1, 0, 0, -1)).toBe(0)
  expect(tape.place(0)).toBe(-1)
})
