import { expect, test } from 'vitest'
import { createShifts } from '../../../src/data/images/shifts.js'

test('shifts are uniform among the whole numbers of pixels, both ways independently', () => {
  const counts = new Map<string, number>()
  const shifts = createShifts({ seed: 3, epoch: 2 }, 1)
  for (let sample = 0; sample < 9000; sample++) {
    const { right, down } = shifts(sample)
    counts.set(`${right},${down}`, (counts.get(`${right},${down}`) ?? 0) + 1)
  }
  expect(counts.size).toBe(9)
  // Six standard deviations of a share of 1/9.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(180)
})

test('shifts are a function of seed, epoch and sample', () => {
  const first = (draw: { seed: number; epoch: number }) =>
    Array.from({ length: 40 }, (_, sample) => createShifts(draw, 3)(sample))
  expect(first({ seed: 3, epoch: 2 })).toEqual(first({ seed: 3, epoch: 2 }))
  expect(first({ seed: 3, epoch: 2 })).not.toEqual(first({ seed: 3, epoch: 3 }))
  expect(first({ seed: 3, epoch: 2 })).not.toEqual(first({ seed: 4, epoch: 2 }))
})
