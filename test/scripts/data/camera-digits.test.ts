import { expect, test } from 'vitest'
import { createEventCamera, SIDE } from '../../../scripts/data/camera/event-camera.js'
import { SACCADES_END, saccadeShift } from '../../../scripts/data/camera/saccades.js'
import { writeNmnist } from '../../../scripts/data/camera/write-nmnist.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'

const SQUARE = Uint8Array.from({ length: 28 * 28 }, (_, k) => {
  const [x, y] = [k % 28, Math.floor(k / 28)]
  return x >= 10 && x < 18 && y >= 10 && y < 18 ? 255 : 0
})
const draw = () => createRandomStream(1, 'picture')

test('saccades go from corner to corner, rest at each, and end where they began', () => {
  const places = [0, 5, 100, 200, 300].map(saccadeShift)
  expect(places).toEqual([
    { x: 0, y: -3 },
    { x: 0, y: -3 },
    { x: 3, y: 3 },
    { x: -3, y: 3 },
    { x: 0, y: -3 },
  ])
  expect(saccadeShift(50)).toEqual({ x: 1.5, y: 0 })
  const steps = Array.from({ length: SACCADES_END }, (_, k) => Math.hypot(...Object.values(difference(k))))
  // The longest way, 6.7 pixels in 80 ms, at the steepest place of a smoothstep.
  expect(Math.max(...steps)).toBeLessThan((1.5 * 6.71) / 80)

  function difference(k: number) {
    const [from, to] = [saccadeShift(k), saccadeShift(k + 1)]
    return { x: to.x - from.x, y: to.y - from.y }
  }
})

test('pixels tell where it becomes brighter and darker, in the order of time, the same every time', () => {
  const events = createEventCamera(1).see(SQUARE, draw())
  expect(createEventCamera(1).see(SQUARE, draw())).toEqual(events)
  expect(events.every(({ time }, k) => k === 0 || time >= (events[k - 1] as (typeof events)[number]).time)).toBe(true)
  expect(events.every(({ x, y, time }) => x < SIDE && y < SIDE && time <= 1000 * SACCADES_END)).toBe(true)
  // The first saccade goes down and to the right: below the square it becomes bright, above it dark.
  const early = events.filter(({ time }) => time < 100_000)
  const meanY = (polarity: number) => {
    const rows = early.filter((event) => event.polarity === polarity).map(({ y }) => y)
    return rows.reduce((sum, y) => sum + y, 0) / rows.length
  }
  expect(meanY(1)).toBeGreaterThan(meanY(0) + 3)
  // Everything comes back to where it was: as many steps up as down, but for what rests hid and chance.
  const up = events.filter(({ polarity }) => polarity === 1).length
  expect(Math.abs(up - events.length / 2)).toBeLessThan(0.1 * events.length)
})

test('without a picture there are events by chance alone, one a second and pixel', () => {
  const { length } = createEventCamera(1).see(new Uint8Array(28 * 28), draw())
  const expected = (SIDE * SIDE * SACCADES_END) / 1000
  expect(Math.abs(length - expected)).toBeLessThan(5 * Math.sqrt(expected))
})

test('events in five bytes', () => {
  const bytes = writeNmnist([
    { time: 1, x: 2, y: 3, polarity: 0 },
    { time: 0x12_3456, x: 33, y: 32, polarity: 1 },
  ])
  expect([...bytes]).toEqual([2, 3, 0, 0, 1, 33, 32, 0x80 | 0x12, 0x34, 0x56])
  expect(() => writeNmnist([{ time: 2 ** 23, x: 0, y: 0, polarity: 0 }])).toThrow(RangeError)
})
