import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { YIN_YANG_SPLITS, yinYangPoints } from '../../src/data/yin-yang-points.js'

function sha256(values: Float64Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
}

describe('yinYangPoints', () => {
  it.each([
    { split: 'train', hash: 'f5a4054d56f2a058', counts: [1681, 1702, 1617] },
    { split: 'validation', hash: '5eac358bdf212276', counts: [316, 336, 348] },
    { split: 'test', hash: '7bab3ed668ed4992', counts: [350, 316, 334] },
  ] as const)('draws the published $split split bit by bit', ({ split, hash, counts }) => {
    const { features, labels } = yinYangPoints(YIN_YANG_SPLITS[split])
    expect([0, 1, 2].map((of) => labels.filter((label) => label === of).length)).toEqual(counts)
    expect(sha256(features).slice(0, 16)).toBe(hash)
  })

  it('begins with the published rows', () => {
    const train = yinYangPoints({ seed: 42, size: 2 })
    expect([...train.labels]).toEqual([2, 1])
    expect([...train.features].map((value) => value.toFixed(8))).toEqual(
      [
        0.68030754,
        0.45049925,
        1 - 0.68030754,
        1 - 0.45049925,
        0.09767211,
        0.68423303,
        1 - 0.09767211,
        1 - 0.68423303,
      ].map((value) => value.toFixed(8)),
    )
    const test = yinYangPoints({ seed: 40, size: 1 })
    expect([...test.labels]).toEqual([2])
    expect([...test.features.subarray(0, 2)].map((value) => value.toFixed(8))).toEqual(['0.23409665', '0.40172498'])
  })
})
