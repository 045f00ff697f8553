import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import type { Dataset } from '../../src/learning/task.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, type RoutedCase } from './routed-cases.js'

const NOISE = { seed: 3, jitter: 0.4, spikeLoss: 0.1 }
const [LAYERED, , RECURRENT] = CASES as readonly [RoutedCase, RoutedCase, RoutedCase]

describe.each([LAYERED, RECURRENT])('$name', (each) => {
  const { trials, loss } = each

  test('meets the same noise with operators that do nothing', async () => {
    await using plain = await open(each.without(), { seed: 5 })
    await using kept = await open(each.through('keep.mjs'), { seed: 5 })
    const noisy = (session: typeof plain) => session.gradient(trials, loss, trials.labels, { noise: NOISE, draw: 2 })
    expectSameBits(await noisy(kept), await noisy(plain))
  })

  test('has the same bits on any number of partitions, under noise', async () => {
    const network = each.network()
    await using one = await open(network, { seed: 5 })
    await using two = await open(network, { seed: 5, placement: placeOnCores(network, 2) })
    const noisy = (session: typeof one) => session.gradient(trials, loss, trials.labels, { noise: NOISE })
    const expected = await noisy(one)
    expectSameBits(await noisy(two), expected)
    expect(expected.recording).not.toEqual((await one.gradient(trials, loss, trials.labels)).recording)
  })
})

describe('what operators draw', () => {
  const { trials, loss } = LAYERED
  const until = trials.until
  const repeated: Dataset = {
    ...{ size: 7, classes: 3, labels: Uint8Array.of(0, 1, 2, 0, 1, 2, 0) },
    encode: (samples) => {
      const { times, units, offsets } = trials.inputs.input as (typeof trials.inputs)[string]
      const [end, count] = [offsets[1] as number, samples.length]
      const copies = <Array extends Float64Array | Uint32Array>(array: Array) =>
        Array.from({ length: count }, () => Array.from(array.subarray(0, end))).flat()
      return {
        input: {
          offsets: Uint32Array.from({ length: count + 1 }, (_, trial) => trial * end),
          times: Float64Array.from(copies(times)),
          units: Uint32Array.from(copies(units)),
        },
      }
    },
  }

  test('belongs to the sample, whatever mini-batch it is measured in', async () => {
    await using session = await open(LAYERED.network(), { seed: 5 })
    const measured = (batch: number) => evaluateSplit(session, repeated, { until, loss, batch })
    expectSameBits(await measured(2), await measured(7))
  })

  test('is another thing in another draw', async () => {
    await using session = await open(LAYERED.network(), { seed: 5 })
    const spikes = async (draw: number) => (await session.simulate(trials, { draw })).spikes
    expect(await spikes(0)).toEqual((await session.simulate(trials)).spikes)
    expect(await spikes(1)).not.toEqual(await spikes(0))
    expect(await spikes(1)).toEqual(await spikes(1))
  })
})
