import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createYinYangDataset } from '../../src/data/yin-yang-dataset.js'
import { yinYangPoints } from '../../src/data/yin-yang-points.js'

const SIZE = 50
const points = yinYangPoints({ seed: 3, size: SIZE })
const samples = fc.array(fc.nat({ max: SIZE - 1 }), { maxLength: 8 }).map((list) => Uint32Array.from(list))

describe('createYinYangDataset', () => {
  it('spikes every unit once a trial at inputSpan times its feature, in the order of time', () => {
    fc.assert(
      fc.property(
        samples,
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.boolean(),
        (chosen, inputSpan, biasSpike) => {
          const { input } = createYinYangDataset(points, { inputSpan, biasSpike }).encode(chosen)
          const perTrial = biasSpike ? 5 : 4
          expect(input?.offsets).toEqual(
            Uint32Array.from({ length: chosen.length + 1 }, (_, trial) => trial * perTrial),
          )
          for (const [trial, sample] of chosen.entries()) {
            const times = input?.times.subarray(trial * perTrial, (trial + 1) * perTrial) ?? []
            const units = [...(input?.units.subarray(trial * perTrial, (trial + 1) * perTrial) ?? [])]
            expect([...times]).toEqual([...times].sort((a, b) => a - b))
            const featureOf = (unit: number) => (unit === 4 ? 0 : points.features[sample * 4 + unit]!)
            expect([...times]).toEqual(units.map((unit) => inputSpan * featureOf(unit)))
            expect([...units].sort()).toEqual(Array.from({ length: perTrial }, (_, unit) => unit))
          }
        },
      ),
    )
  })

  it('orders spikes at one instant by unit', () => {
    const centre = { size: 1, features: Float64Array.of(0.5, 0.5, 0.5, 0.5), labels: Uint8Array.of(0) }
    const dataset = createYinYangDataset(centre, { inputSpan: 30, biasSpike: true })
    const { input } = dataset.encode(Uint32Array.of(0))
    expect([...(input?.times ?? [])]).toEqual([0, 15, 15, 15, 15])
    expect([...(input?.units ?? [])]).toEqual([4, 0, 1, 2, 3])
  })

  it('refuses a sample it does not have', () => {
    const dataset = createYinYangDataset(points, { inputSpan: 30, biasSpike: false })
    expect(() => dataset.encode(Uint32Array.of(0, SIZE))).toThrow(
      expect.objectContaining({ code: 'SAMPLE_OUT_OF_RANGE' }),
    )
  })

  it('has three classes and a label for every point', () => {
    const dataset = createYinYangDataset(points, { inputSpan: 30, biasSpike: false })
    expect(dataset).toMatchObject({ size: SIZE, classes: 3, labels: points.labels })
  })
})
