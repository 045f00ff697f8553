import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { firstSpike, vMax } from '../../../src/learning/define-loss.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { timeGrid } from '../../../src/learning/surrogate/time-grid.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { LIF, TWO_TRIALS, twoLayers } from '../../actors/small-networks.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { trainsOf } from '../trains.js'

describe('the grid of a trial', () => {
  test.each([
    [1, 20, 20],
    [0.2, 20, 100],
    [0.1, 0.3, 3],
    [0.2, 20.5, 103],
    [5, 3, 1],
  ])('of dt %f in [0, %f) has %i points', (dt, until, steps) => {
    expect(timeGrid(dt, until)).toEqual({ dt, steps })
  })

  test('needs an end, and no more than a million points', () => {
    expect(mistakeOf(() => timeGrid(1, Number.POSITIVE_INFINITY))).toMatchObject({ code: 'UNTIL_INVALID' })
    expect(mistakeOf(() => timeGrid(1e-6, 100))).toMatchObject({ code: 'SURROGATE_STEPS', field: 'dt' })
  })
})

/** Inputs to one neuron; times and delays are points of a grid of 1/4 ms. */
const quarter = fc.nat({ max: 80 }).map((k) => k / 4)
const drive = fc.array(
  fc.record({ time: quarter, weight: fc.double({ min: 1, max: 6, noNaN: true }), delay: quarter }),
  {
    minLength: 1,
    maxLength: 5,
  },
)

test('where arrivals lie on the grid, the first spike is that of continuous time, rounded up', async () => {
  let fired = 0
  await fc.assert(
    fc.asyncProperty(drive, fc.double({ min: -0.2, max: 0.5, noNaN: true }), async (arrivals, bias) => {
      const network = defineNetwork({
        groups: { in: source(arrivals.length), out: lif(1, { ...LIF, bias, tauMem: 12 }) },
        projections: [
          connect('in', 'out', dense([arrivals.map(({ weight }) => weight)]), {
            delay: perSynapse([arrivals.map(({ delay }) => delay)]),
          }),
        ],
      })
      const inputs = { in: trainsOf([arrivals.map(({ time }, unit) => ({ time, unit }))]) }
      await using exact = await open(network)
      await using grid = openSurrogate(network, { dt: 0.25 })
      const trials = { count: 1, until: 60, inputs }
      const expected = (await exact.simulate(trials)).spikes.out?.times[0] ?? Number.POSITIVE_INFINITY
      const found = (await grid.simulate(trials)).spikes.out?.times[0] ?? Number.POSITIVE_INFINITY
      if (expected < 59) fired++
      // A course that exceeds its threshold between two points only is not seen; rounding to 32 bits moves the rest.
      if (found > expected + 0.25) expect(await excess(network, trials, expected)).toBeLessThan(0.05)
      else if (found < Number.POSITIVE_INFINITY) expect(found).toBeGreaterThanOrEqual(expected - 1e-4)
    }),
    { numRuns: 60, endOnFailure: true },
  )
  expect(fired).toBeGreaterThan(10)
})

/** How far a threshold may rise until a spike at some time is gone: how little the course exceeded it. */
async function excess(
  network: ReturnType<typeof defineNetwork>,
  trials: typeof TWO_TRIALS,
  time: number,
): Promise<number> {
  const groups = network.groups.map((group) => (group.kind === 'lif' ? { ...group, threshold: 1.05 } : group))
  await using session = await open({ ...network, groups })
  const first = (await session.simulate(trials)).spikes.out?.times[0] ?? Number.POSITIVE_INFINITY
  return first < time + 0.25 ? 1 : 0
}

test('spike times of layers with adaptation, bias and delays come closer in proportion to dt', async () => {
  const network = twoLayers()
  await using exact = await open(network)
  const expected = await exact.simulate(TWO_TRIALS)
  const errors: number[] = []
  for (const dt of [1 / 8, 1 / 16, 1 / 32, 1 / 64]) {
    await using session = openSurrogate(network, { dt })
    const found = await session.simulate(TWO_TRIALS)
    let largest = 0
    for (const [name, { times, units, offsets }] of Object.entries(expected.spikes)) {
      const trains = found.spikes[name]
      expect(trains?.offsets).toEqual(offsets)
      for (let trial = 0; trial < TWO_TRIALS.count; trial++) {
        const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
        // Close spikes of two units may change places.
        const byUnit = (at: Float64Array | undefined, of: Uint32Array | undefined) =>
          Array.from(at?.slice(from, to) ?? [], (time, k) => [of?.[from + k] as number, time] as const).sort(
            (a, b) => a[0] - b[0] || a[1] - b[1],
          )
        const pairs = byUnit(trains?.times, trains?.units)
        byUnit(times, units).forEach(([, time], k) => {
          largest = Math.max(largest, Math.abs((pairs[k]?.[1] as number) - time))
        })
      }
    }
    // Late spikes of the second layer multiply what the first ones are off by.
    expect(largest).toBeLessThan(24 * dt)
    errors.push(largest)
  }
  expect(errors[3]).toBeLessThan((errors[0] as number) / 4)
})

test('a readout has the same voltages as in continuous time, and the same gradient in the limit', async () => {
  const network = defineNetwork({
    groups: { in: source(2), out: li(2, { tauMem: 20, tauSyn: 5, bias: 0.1 }) },
    projections: [
      connect(
        'in',
        'out',
        dense([
          [2, 1],
          [0.5, 3],
        ]),
        {
          delay: perSynapse([
            [1, 2],
            [0.5, 3],
          ]),
        },
      ),
    ],
  })
  const inputs = {
    in: trainsOf([
      [
        { time: 2, unit: 0 },
        { time: 5, unit: 1 },
      ],
    ]),
  }
  const trials = { count: 1, until: 40, inputs }
  await using exact = await open(network)
  await using grid = openSurrogate(network, { dt: 1 / 64 })
  const labels = Uint8Array.of(1)
  const expected = await exact.gradient(trials, vMax('out'), labels)
  const found = await grid.gradient(trials, vMax('out'), labels)
  expect(found.losses[0]).toBeCloseTo(expected.losses[0] as number, 5)
  for (const unit of [0, 1]) {
    const [is, shall] = [found.recording.maxima.out, expected.recording.maxima.out]
    expect(is?.values[unit]).toBeCloseTo(shall?.values[unit] as number, 5)
    expect(Math.abs((is?.times[unit] as number) - (shall?.times[unit] as number))).toBeLessThan(1 / 64)
  }
  const close = (is: Float64Array | undefined, shall: Float64Array | undefined, digits: number) =>
    shall?.forEach((value, k) => {
      expect(is?.[k]).toBeCloseTo(value, digits)
    })
  close(found.gradients.projections['in->out']?.weights, expected.gradients.projections['in->out']?.weights, 4)
  close(found.gradients.projections['in->out']?.delays, expected.gradients.projections['in->out']?.delays, 3)
  close(found.gradients.groups.out?.bias, expected.gradients.groups.out?.bias, 3)
  close(found.inputTimes.in, expected.inputTimes.in, 3)
})

test('with a steep surrogate and a fine grid, the gradient of a first spike becomes the exact one', async () => {
  const network = defineNetwork({
    groups: { in: source(2), out: lif(2, LIF) },
    projections: [
      connect(
        'in',
        'out',
        dense([
          [6, 5],
          [4, 6],
        ]),
      ),
    ],
  })
  const inputs = {
    in: trainsOf([
      [
        { time: 1, unit: 0 },
        { time: 3, unit: 1 },
      ],
    ]),
  }
  const trials = { count: 1, until: 30, inputs }
  const loss = firstSpike('out', { tau0: 5 })
  await using exact = await open(network)
  const expected = await exact.gradient(trials, loss, Uint8Array.of(1))
  const distance = async (dt: number, slope: number) => {
    await using session = openSurrogate(network, { dt, slope })
    const { gradients } = await session.gradient(trials, loss, Uint8Array.of(1))
    const [is, shall] = [gradients.projections['in->out']?.weights, expected.gradients.projections['in->out']?.weights]
    const top = Math.max(...Array.from(shall ?? [], Math.abs))
    return Math.max(...Array.from(shall ?? [], (value, k) => Math.abs(value - (is?.[k] as number)))) / top
  }
  expect(await distance(1 / 1024, 300)).toBeLessThan(0.1)
  expect(await distance(1 / 1024, 300)).toBeLessThan(await distance(1 / 256, 50))
})
