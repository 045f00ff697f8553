import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { gradientMatchesQuotients } from '../../src/testing/gradient-matches-quotients.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, firstTrial, type RoutedCase, resultsOf, SPARSE } from './routed-cases.js'

const opened = (each: RoutedCase, kernel: KernelKind = 'simd', cores = 1) => {
  const network = each.network()
  return open(network, { seed: 5, kernel, placement: placeOnCores(network, cores) })
}

/** Neurons of a hidden group, of which every number is moved. */
const SMALL = 3

describe.each([...CASES, SPARSE])('$name', (each) => {
  test('the bits are the same on any number of partitions', async () => {
    const coresOf = isLong() ? each.cores : each.cores.slice(-1)
    await using one = await opened(each)
    const expected = await resultsOf(one, each)
    await using plain = await open(each.without(), { seed: 5 })
    expect(expected).not.toEqual(await resultsOf(plain, each))
    for (const cores of coresOf) {
      await using several = await opened(each, 'simd', cores)
      expectSameBits(await resultsOf(several, each), expected)
    }
  })
})

const KERNELS = ['simd', 'reference'] as const
/** Short runs compare one kernel with the quotients of each, in turn. */
const SUBJECTS = CASES.map((each, k) => ({ ...each, kernels: inTurn(KERNELS, k) }))

describe.each(SUBJECTS)('$name', ({ kernels, ...each }) => {
  test('operators that do nothing change nothing', async () => {
    await using plain = await open(each.without(), { seed: 5 })
    await using kept = await open(each.through('keep.mjs'), { seed: 5 })
    expectSameBits(await resultsOf(kept, each), await resultsOf(plain, each))
  })

  test.each(kernels)('gradients are difference quotients, on the %s kernel', async (kernel) => {
    const { labels, ...trials } = firstTrial(each)
    const { compared, skipped } = await gradientMatchesQuotients({
      open: (network) => open(network, { seed: 5, kernel }),
      ...{ network: each.network(SMALL), seed: 5, trials, loss: each.loss, labels },
    })
    expect(compared).toBeGreaterThan(60)
    expect(skipped).toBeLessThan(0.1 * compared)
  })
})

test('the kernel of large sparse groups has the gradients of the reference kernel', async () => {
  await using window = await opened(SPARSE)
  await using reference = await opened(SPARSE, 'reference')
  expect(window.kernels.map(({ engine }) => engine)).toEqual(['window', 'simd'])
  const [found, expected] = [await resultsOf(window, SPARSE), await resultsOf(reference, SPARSE)]
  const [{ weights, delays }, others] = [found, expected].map(
    ({ gradient }) => gradient.gradients.projections['hidden->hidden'],
  ) as [{ weights: Float64Array; delays: Float64Array }, { weights: Float64Array; delays: Float64Array }]
  for (const [one, other] of [
    [weights, others.weights],
    [delays, others.delays],
  ] as const) {
    const most = other.reduce((sum, value) => Math.max(sum, Math.abs(value)), 0)
    expect(most).toBeGreaterThan(0)
    expect(one.reduce((worst, value, k) => Math.max(worst, Math.abs(value - (other[k] as number))), 0)).toBeLessThan(
      1e-7 * most,
    )
  }
})
