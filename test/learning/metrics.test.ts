import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRIAL_CHUNK } from '../../src/dynamics/parameters/trial-sum.js'
import { InternalError } from '../../src/events/errors.js'
import { accuracy, meanLoss, meanShare, silentLabelFraction, trialSum } from '../../src/learning/metrics.js'
import { pairwiseSum } from '../../src/numerics/pairwise-sum.js'

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('the sum over trials', () => {
  it('is close to the sum', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 200 }), (list) => {
        expect(trialSum(Float64Array.from(list))).toBe(list.reduce((sum, each) => sum + each, 0))
      }),
    )
  })

  it('adds chunks of 32 in turn, then a tree over chunks, wherever the chunks are added', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (list) => {
        const all = Float64Array.from(list)
        const chunks: number[] = []
        for (let start = 0; start < all.length; start += TRIAL_CHUNK) {
          chunks.push(all.subarray(start, start + TRIAL_CHUNK).reduce((sum, each) => sum + each, 0))
        }
        expect(trialSum(all)).toBe(pairwiseSum(Float64Array.from(chunks), 0, chunks.length))
      }),
    )
  })

  it('has its literal order', () => {
    // In turn 1 is lost to 2^53 every time; a tree inside the chunk would keep some.
    expect(trialSum(Float64Array.of(2 ** 53, ...Array(31).fill(1)))).toBe(2 ** 53)
    // The second chunk adds its ones up first.
    expect(trialSum(Float64Array.of(2 ** 53, ...Array(31).fill(0), 1, 1))).toBe(2 ** 53 + 2)
  })
})

describe('metrics', () => {
  it('average the losses there are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: -1000, max: 1000 }))), (losses) => {
        const finite = losses.filter((loss) => loss !== null)
        const sum = finite.reduce((total, loss) => total + loss, 0)
        expect(meanLoss(losses)).toBe(finite.length === 0 ? null : sum / finite.length)
        if (losses.length > 0) expect(silentLabelFraction(losses)).toBe((losses.length - finite.length) / losses.length)
      }),
    )
  })

  it('count a silent trial as wrong', () => {
    expect(accuracy(Int32Array.of(0, 1, -1, 2), Uint8Array.of(0, 2, 0, 2))).toBe(0.5)
    expect(accuracy(Int32Array.of(-1), Uint8Array.of(255))).toBe(0)
  })

  it('refuse an accuracy of nothing', () => {
    expect(() => accuracy(new Int32Array(0), new Uint8Array(0))).toThrow(InternalError)
    expect(() => accuracy(new Int32Array(2), new Uint8Array(1))).toThrow(InternalError)
  })

  it('weigh mini-batches by their trials', () => {
    expect(
      meanShare([
        { share: 0.5, trials: 3 },
        { share: 1, trials: 1 },
      ]),
    ).toBe(0.625)
  })
})
