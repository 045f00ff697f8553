import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { TWO_TRIALS, twoLayers } from '../small-networks.js'

const NETWORK = twoLayers()

/** Lets everything happen that can. */
const settle = async () => {
  for (let k = 0; k < 50; k++) await setImmediate()
}

describe('whoever iterates over what a session shows', () => {
  test('gets every run, in order, and the end', async () => {
    const session = await open(NETWORK)
    const runs: number[] = []
    const iterating = (async () => {
      for await (const { run } of session.spikes$('hidden')) runs.push(run)
    })()
    for (let k = 0; k < 3; k++) await session.simulate(TWO_TRIALS)
    await session.close()
    await iterating
    expect(runs).toEqual([1, 2, 3])
  })

  test('loses the oldest where he is slow, and is told how many', async () => {
    await using session = await open(NETWORK)
    const watched = session.spikes$('hidden', { buffer: 2 })[Symbol.asyncIterator]()
    for (let k = 0; k < 5; k++) await session.simulate(TWO_TRIALS)
    const told = []
    for (let k = 0; k < 2; k++) {
      const { value } = await watched.next()
      told.push([value?.run, value?.dropped])
    }
    expect(told).toEqual([
      [4, 3],
      [5, 0],
    ])
    await session.simulate(TWO_TRIALS)
    expect((await watched.next()).value).toMatchObject({ run: 6, dropped: 0 })
  })

  test('loses nothing where runs wait for him', async () => {
    await using session = await open(NETWORK)
    const watched = session.spikes$('hidden', { overflow: 'wait', buffer: 2 })[Symbol.asyncIterator]()
    let done = 0
    const running = (async () => {
      for (; done < 6; done++) await session.simulate(TWO_TRIALS)
    })()
    await settle()
    expect(done).toBe(2)
    const runs = []
    for (let k = 0; k < 6; k++) {
      const { value } = await watched.next()
      runs.push([value?.run, value?.dropped])
      await settle()
      expect(done).toBe(Math.min(6, k + 3))
    }
    await running
    expect(runs).toEqual([1, 2, 3, 4, 5, 6].map((run) => [run, 0]))
  })

  test('holds nobody back once he has left', async () => {
    await using session = await open(NETWORK)
    const watched = session.spikes$('hidden', { overflow: 'wait', buffer: 1 })[Symbol.asyncIterator]()
    await session.simulate(TWO_TRIALS)
    const waiting = session.simulate(TWO_TRIALS)
    await settle()
    await watched.return?.()
    await waiting
    expect(await watched.next()).toEqual({ done: true, value: undefined })
  })

  test('holds no session open that is closed', async () => {
    const session = await open(NETWORK)
    const watched = session.spikes$('hidden', { overflow: 'wait', buffer: 1 })[Symbol.asyncIterator]()
    await session.simulate(TWO_TRIALS)
    const waiting = session.simulate(TWO_TRIALS)
    await settle()
    await session.close()
    await waiting
    const runs = []
    for (let next = await watched.next(); next.done !== true; next = await watched.next()) runs.push(next.value.run)
    expect(runs).toEqual([1, 2])
  })
})
