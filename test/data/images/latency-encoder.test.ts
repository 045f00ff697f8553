import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLatencyEncoder } from '../../../src/data/images/latency-encoder.js'

const ROWS = 5
const COLUMNS = 7
const AREA = ROWS * COLUMNS

// Few values, so that many pixels spike at one instant.
const pixels = fc.array(fc.oneof(fc.constantFrom(0, 1, 2, 200, 255), fc.nat({ max: 255 })), {
  minLength: 2 * AREA,
  maxLength: 2 * AREA,
})
const step = fc.integer({ min: -8, max: 8 })

describe('createLatencyEncoder', () => {
  it('spikes every bright pixel once, moved, the earlier the brighter, in the order of (time, unit)', () => {
    fc.assert(
      fc.property(
        pixels,
        fc.nat({ max: 1 }),
        fc.record({ right: step, down: step }),
        fc.nat({ max: 254 }),
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        (values, image, shift, pixelThreshold, inputSpan) => {
          const images = {
            size: 2,
            rows: ROWS,
            columns: COLUMNS,
            pixels: Uint8Array.from(values),
            labels: new Uint8Array(2),
          }
          const encoder = createLatencyEncoder(images, { inputSpan, pixelThreshold })
          const [times, units] = [new Float64Array(AREA + 3), new Uint32Array(AREA + 3)]
          const end = encoder.write(image, shift, times, units, 3)
          const expected = expectedSpikes(values.slice(image * AREA, (image + 1) * AREA), shift, pixelThreshold)
          expect([...units.subarray(3, end)]).toEqual(expected.map(({ unit }) => unit))
          expect([...times.subarray(3, end)]).toEqual(expected.map(({ value }) => (1 - value / 255) * inputSpan))
          expect([...times.subarray(0, 3), ...times.subarray(end)].every((time) => time === 0)).toBe(true)
          if (shift.right === 0 && shift.down === 0) expect(encoder.count(image)).toBe(end - 3)
        },
      ),
    )
  })

  it('has literal times: white at 0, just above the threshold late', () => {
    const images = { size: 1, rows: 1, columns: 4, pixels: Uint8Array.of(2, 255, 1, 255), labels: new Uint8Array(1) }
    const encoder = createLatencyEncoder(images, { inputSpan: 20, pixelThreshold: 1 })
    const [times, units] = [new Float64Array(3), new Uint32Array(3)]
    expect(encoder.write(0, { right: 0, down: 0 }, times, units, 0)).toBe(3)
    expect([...units]).toEqual([1, 3, 0])
    expect([...times]).toEqual([0, 0, (253 / 255) * 20])
  })
})

function expectedSpikes(values: readonly number[], shift: { right: number; down: number }, threshold: number) {
  return values
    .map((value, pixel) => ({
      value,
      row: Math.floor(pixel / COLUMNS) + shift.down,
      column: (pixel % COLUMNS) + shift.right,
    }))
    .filter(({ value, row, column }) => {
      return value > threshold && row >= 0 && row < ROWS && column >= 0 && column < COLUMNS
    })
    .map(({ value, row, column }) => ({ value, unit: row * COLUMNS + column }))
    .sort((a, b) => b.value - a.value || a.unit - b.unit)
}
