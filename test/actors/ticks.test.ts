import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { stepOf } from '../../src/numerics/step-of.js'
import { expectSameBits } from '../support/same-bits.js'
import { NOISY_LABELS, NOISY_TRIALS, noisyCycles, noisyLayers } from './noisy-networks.js'

const TICK = 0.7
const DEVICE = { seed: 0, tick: TICK }
const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const
const onTicks = (times: Float64Array) => times.map((time) => TICK * stepOf(time, TICK))

/** One layer, every unit of which spikes several times. */
const LAYER = defineNetwork({
  groups: { in: source(4), out: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [
    connect('in', 'out', dense([3, 2.8, 3.2].map((weight) => [weight, weight, weight, weight])), { delay: 1.5 }),
  ],
})

test('neurons hear spikes at ticks, and spike when they will', async () => {
  await using session = await open(LAYER, { seed: 1 })
  const { in: given } = NOISY_TRIALS.inputs
  const ticked = { ...NOISY_TRIALS, inputs: { in: { ...given, times: onTicks(given.times) } } }
  const { spikes } = await session.simulate(NOISY_TRIALS, { noise: DEVICE })
  // In a tick spikes are heard in the order of units.
  const expected = await session.simulate(sorted(ticked))
  expect(spikes.out?.times.length).toBeGreaterThan(9)
  expectSameBits(spikes, expected.spikes)
  expect(spikes.out?.times.every((time) => Math.abs(time / TICK - Math.round(time / TICK)) < 1e-9)).toBe(false)
})

type Given = typeof NOISY_TRIALS

function sorted(trials: Given): Given {
  const { offsets, times, units } = trials.inputs.in
  const [sortedTimes, sortedUnits] = [times.slice(), units.slice()]
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
    const order = Array.from({ length: to - from }, (_, k) => from + k)
    order.sort((a, b) => (times[a] as number) - (times[b] as number) || (units[a] as number) - (units[b] as number))
    order.forEach((k, place) => {
      sortedTimes[from + place] = times[k] as number
      sortedUnits[from + place] = units[k] as number
    })
  }
  return { ...trials, inputs: { in: { offsets, times: sortedTimes, units: sortedUnits } } }
}

test('ways without a delay have the shortest one of the device', async () => {
  const without = defineNetwork({
    groups: { in: source(4), out: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'out', dense([3, 2.8, 3.2].map((weight) => [weight, weight, weight, weight])))],
  })
  await using direct = await open(without, { seed: 1 })
  await using delayed = await open(LAYER, { seed: 1 })
  const { spikes } = await direct.simulate(NOISY_TRIALS, { noise: { seed: 0, delayMin: 1.2, delayStep: 0.5 } })
  expectSameBits(spikes, (await delayed.simulate(NOISY_TRIALS)).spikes)
})

test('the loss sees ticks, with the slope of what it would have seen', async () => {
  await using session = await open(LAYER, { seed: 1 })
  const noise = { seed: 0, tick: 1e-9 }
  const first = { kind: 'firstSpike', group: 'out', tau0: 5, alpha: 0.1, tau1: 10 } as const
  const fine = await session.gradient(NOISY_TRIALS, first, NOISY_LABELS, { noise })
  const exact = await session.gradient(NOISY_TRIALS, first, NOISY_LABELS)
  expect(fine.losses).not.toEqual(exact.losses)
  fine.losses.forEach((loss, trial) => {
    expect(loss).toBeCloseTo(exact.losses[trial] as number, 6)
  })
  const weights = (of: typeof exact) => [...(of.gradients.projections['in->out']?.weights ?? [])]
  expect(weights(fine).some((slope) => slope !== 0)).toBe(true)
  weights(fine).forEach((slope, k) => {
    expect(slope).toBeCloseTo(weights(exact)[k] as number, 5)
  })
})

test.each([
  { name: 'layers', network: noisyLayers() },
  { name: 'cycles', network: noisyCycles() },
  { name: 'cycles without delay', network: noisyCycles(6, 0) },
])('$name on ticks have the bits of any kernel in windows or whole, and gradients', async ({ network }) => {
  const noise = { ...DEVICE, delayStep: TICK, delayMin: TICK, jitter: 0.3 }
  await using session = await open(network, { seed: 3 })
  await using reference = await open(network, { seed: 3, kernel: 'reference' })
  const found = await session.gradient(NOISY_TRIALS, LOSS, NOISY_LABELS, { noise })
  const other = await reference.gradient(NOISY_TRIALS, LOSS, NOISY_LABELS, { noise })
  expect(found.recording.spikes.out?.times.length).toBeGreaterThan(0)
  found.losses.forEach((loss, trial) => {
    expect(loss).toBeCloseTo(other.losses[trial] as number, 8)
  })
})
