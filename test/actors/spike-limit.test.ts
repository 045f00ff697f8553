import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { createFusedKernel } from '../../src/dynamics/kernels/fused-kernel.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernels/kernel-of-group.js'
import { SpikeLimiter } from '../../src/dynamics/kernels/spike-limiter.js'
import { DEFAULT_SPIKE_LIMIT } from '../../src/dynamics/models/spike-limit.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { WHOLE } from '../dynamics/kernels/kernel-for.js'
import { trainsOf } from '../learning/trains.js'
import { isLong } from '../support/cases-of.js'
import { built } from './built-cluster.js'
import { INPUTS, limitedNetwork, RUN, TRIALS, UNTIL } from './limited-networks.js'

test('of several that fire too often the first is named, whichever trial it is in', () => {
  const limiter = new SpikeLimiter({ name: 'x', start: 32, size: 64, total: 200 })
  limiter.begin({ ...WHOLE, trials: 3, until: UNTIL, gradients: false, spikeLimit: 1 / 32 })
  // One spike a block and ms is allowed.
  const spikes = trainsOf([
    [4.1, 4.7].map((time) => ({ time, unit: 40 })),
    [2.5, 2.9].map((time) => ({ time, unit: 70 })),
    [3.1, 3.2].map((time) => ({ time, unit: 33 })),
  ])
  expect(() => limiter.count(spikes)).toThrow(
    expect.objectContaining({
      code: 'SPIKES_TOO_MANY',
      details: { group: 'x', firstUnit: 64, endUnit: 96, trial: 1, time: 2, spikes: 1, limit: 1 / 32 },
    }),
  )
})

describe('excitation that feeds itself', () => {
  const wild = (joins: 'dense' | 'sparse', delay: number) => limitedNetwork(joins, delay, 2)

  interface SpikeLimit {
    readonly spikeLimit?: number
  }
  /** Without a delay every spike is an event of its own: until the limit of default is reached takes seconds. */
  const lower: SpikeLimit = isLong() ? {} : { spikeLimit: 50 }

  test.each<['dense' | 'sparse', number, SpikeLimit]>([
    ['dense', 0, lower],
    ['sparse', 0, lower],
    ['sparse', 0.05, lower],
    ['dense', 1, {}],
    ['sparse', 1, {}],
  ])('ends by default, with the name of the group: %s, delay %d', async (joins, delay, options) => {
    await using session = await open(wild(joins, delay), { seed: 3, ...options })
    const message = expect.stringMatching(/group "x" .* trial \d/)
    await expect(session.simulate(RUN)).rejects.toMatchObject({
      code: 'SPIKES_TOO_MANY',
      message,
      details: { limit: options.spikeLimit ?? DEFAULT_SPIKE_LIMIT },
    })
  })

  test('ends alike in a thread of its own', async () => {
    const cells = wild('dense', 1)
    const options = { seed: 3, transport: 'thread', spikeLimit: 50 } as const
    await using session = await built.openCluster(cells, placeOnCores(cells, 1), options)
    await expect(session.simulate(RUN)).rejects.toMatchObject({ code: 'SPIKES_TOO_MANY', details: { limit: 50 } })
  })

  test.each(['simd', 'reference'] as const)('shows signs of life until then: %s', (kind) => {
    const instance = instantiate(wild('sparse', 0), 3)
    const component = createFusedKernel(instance, ['x'], undefined, (name) => chosenKernelOfGroup(kind, instance, name))
    let beats = 0
    const beat = () => beats++
    component.begin(() => ({ ...WHOLE, trials: TRIALS, until: UNTIL, gradients: false, spikeLimit: 30, beat }))
    component.receive(0, { stream: 'in', sequence: 0, window: { start: 0, end: UNTIL }, ...INPUTS.in })
    expect(() => {
      for (let time = 0.1; time <= UNTIL; time += 0.1) component.advance(time)
    }).toThrow(expect.objectContaining({ code: 'SPIKES_TOO_MANY' }))
    expect(beats).toBeGreaterThan(100)
  })
})
