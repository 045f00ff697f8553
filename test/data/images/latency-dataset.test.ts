import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLatencyDataset } from '../../../src/data/images/latency-dataset.js'
import { barImages } from '../../support/small-images.js'

const SIZE = 12
const options = { classes: 2, inputSpan: 20, pixelThreshold: 1, shift: 2 }
const dataset = createLatencyDataset(barImages(SIZE), options)
const draws = fc.record({ seed: fc.nat(), epoch: fc.integer({ min: 1, max: 100 }) })
const samples = fc.array(fc.nat({ max: SIZE - 1 }), { maxLength: 6 }).map((list) => Uint32Array.from(list))

const trial = ({ input }: ReturnType<typeof dataset.encode>, index: number) => {
  const [start, end] = [input?.offsets[index], input?.offsets[index + 1]]
  return [[...(input?.times.subarray(start, end) ?? [])], [...(input?.units.subarray(start, end) ?? [])]]
}

describe('createLatencyDataset', () => {
  it('encodes a sample alike in every mini-batch, augmented or not', () => {
    fc.assert(
      fc.property(samples, fc.option(draws, { nil: undefined }), (chosen, draw) => {
        const together = dataset.encode(chosen, draw)
        expect(together.input?.offsets.length).toBe(chosen.length + 1)
        for (const [index, sample] of chosen.entries())
          expect(trial(together, index)).toEqual(trial(dataset.encode(Uint32Array.of(sample), draw), 0))
      }),
    )
  })

  it('moves the images in training alone, each by every number of pixels in turn', () => {
    const still = dataset.encode(Uint32Array.of(3))
    const origin = (still.input?.units ?? [])[0] as number
    const seen = new Set<number>()
    for (let epoch = 1; epoch <= 300; epoch++) {
      const moved = dataset.encode(Uint32Array.of(3), { seed: 5, epoch })
      seen.add(((moved.input?.units ?? [])[0] as number) - origin)
    }
    // The bar is wider than the image, so a move to either side hides its first pixel at times.
    const rows = new Set([...seen].map((by) => Math.round(by / 28)))
    expect([...rows].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
    expect(dataset.encode(Uint32Array.of(3))).toEqual(still)
  })

  it('does not look at the draw without a shift', () => {
    const still = createLatencyDataset(barImages(SIZE), { ...options, shift: 0 })
    expect(still.encode(Uint32Array.of(1), { seed: 1, epoch: 1 })).toEqual(still.encode(Uint32Array.of(1)))
  })

  it('counts the images that are dark, whatever the last one is', () => {
    const pixels = Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 2, 9, 0, 0, 0, 1, 1, 1, 1)
    const images = { size: 4, rows: 2, columns: 2, pixels, labels: new Uint8Array(4) }
    expect(createLatencyDataset(images, options).emptyTrials).toBe(2)
    expect(createLatencyDataset(images, { ...options, pixelThreshold: 0 }).emptyTrials).toBe(0)
    expect(createLatencyDataset(images, { ...options, pixelThreshold: 5 }).emptyTrials).toBe(3)
    expect(dataset.emptyTrials).toBe(0)
  })

  it('gives a dark image an empty trial', () => {
    const dark = { size: 1, rows: 2, columns: 2, pixels: new Uint8Array(4), labels: new Uint8Array(1) }
    const { input } = createLatencyDataset(dark, options).encode(Uint32Array.of(0))
    expect([...(input?.offsets ?? [])]).toEqual([0, 0])
  })

  it('refuses a sample it does not have', () => {
    expect(() => dataset.encode(Uint32Array.of(0, SIZE))).toThrow(
      expect.objectContaining({ code: 'SAMPLE_OUT_OF_RANGE' }),
    )
  })
})
