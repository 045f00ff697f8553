import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { LOOPED, RELAYED, TRIALS } from './relay-network.js'

test('an actor relays spikes', async () => {
  await using session = await open(RELAYED, { seed: 3 })
  const { spikes } = await session.simulate(TRIALS, { record: ['relay', 'out'] })
  expect(spikes.relay!.times.length).toBe(40 * 10)
  expect(spikes.out!.times.length).toBeGreaterThan(20)
  for (const cores of [2, 4]) {
    await using other = await open(RELAYED, { seed: 3, placement: placeOnCores(RELAYED, cores) })
    expect((await other.simulate(TRIALS, { record: ['relay', 'out'] })).spikes).toEqual(spikes)
  }
})

test('also around a loop', async () => {
  await using session = await open(LOOPED, { seed: 3 })
  const { spikes } = await session.simulate(TRIALS, { record: ['relay', 'out'] })
  expect(spikes.relay!.times.length).toBeGreaterThan(20)
  for (const cores of [2, 4]) {
    await using other = await open(LOOPED, { seed: 3, placement: placeOnCores(LOOPED, cores) })
    expect((await other.simulate(TRIALS, { record: ['relay', 'out'] })).spikes).toEqual(spikes)
  }
})

test('actors begin every run anew, wherever the run before has ended', async () => {
  await using fresh = await open(LOOPED, { seed: 3 })
  await using used = await open(LOOPED, { seed: 3 })
  const { spikes } = await fresh.simulate(TRIALS, { record: ['relay', 'out'] })
  expect((await used.simulate({ ...TRIALS, until: 20 })).spikes).not.toEqual(spikes)
  expect((await used.simulate(TRIALS, { record: ['relay', 'out'] })).spikes).toEqual(spikes)
})
