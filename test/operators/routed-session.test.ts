import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernel-kind.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { gradientMatchesQuotients } from '../../src/testing/gradient-matches-quotients.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, type RoutedCase, resultsOf } from './routed-cases.js'

const open1 = (each: RoutedCase, kernel: KernelKind = 'simd', cores = 1) =>
  open(each.network(), { seed: 5, kernel, ...(cores === 1 ? {} : { placement: placeOnCores(each.network(), cores) }) })

/** Neurons of a hidden group, of which every number is moved. */
const SMALL = 5

function firstTrial({ offsets, times, units }: SpikeTrains): SpikeTrains {
  const end = offsets[1] as number
  return { offsets: offsets.slice(0, 2), times: times.slice(0, end), units: units.slice(0, end) }
}

describe.each(CASES)('$name', (each) => {
  test('operators that do nothing change nothing', async () => {
    await using plain = await open(each.without(), { seed: 5 })
    await using kept = await open(each.through('keep.mjs'), { seed: 5 })
    expectSameBits(await resultsOf(kept, each), await resultsOf(plain, each))
  })

  test('the bits are the same on any number of partitions', async () => {
    await using one = await open1(each)
    const expected = await resultsOf(one, each)
    await using plain = await open(each.without(), { seed: 5 })
    expect(expected).not.toEqual(await resultsOf(plain, each))
    for (const cores of each.cores) {
      await using several = await open1(each, 'simd', cores)
      expectSameBits(await resultsOf(several, each), expected)
    }
  })

  test.each(['simd', 'reference'] as const)('gradients are difference quotients, on the %s kernel', async (kernel) => {
    const { trials, loss } = each
    const { compared, skipped } = await gradientMatchesQuotients({
      open: (network) => open(network, { seed: 5, kernel }),
      ...{
        network: each.network(SMALL),
        seed: 5,
        trials: { ...trials, count: 1, inputs: { input: firstTrial(trials.inputs.input as SpikeTrains) } },
      },
      ...{ loss, labels: trials.labels.slice(0, 1) },
    })
    expect(compared).toBeGreaterThan(60)
    expect(skipped).toBeLessThan(0.1 * compared)
  })
})
