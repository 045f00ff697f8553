import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CoreWorker, endCoreWorker, settlesWithin } from '../../../src/actors/supervision/core-worker.js'
import type { CoreWorkerEnd } from '../../../src/actors/supervision/failure-report.js'

const END: CoreWorkerEnd = { exitCode: 0, signal: null, lastWords: '' }

/** A core worker that ends at the n-th of the ways to end it; what was tried, and when. */
function coreWorkerThatEndsAt(way: keyof CoreWorker) {
  const start = vi.getMockedSystemTime() as Date
  const tried: { readonly way: keyof CoreWorker; readonly at: number }[] = []
  let finish: (end: CoreWorkerEnd) => void = () => undefined
  const ended = new Promise<CoreWorkerEnd>((resolve) => {
    finish = resolve
  })
  const attempt = (name: keyof CoreWorker) => () => {
    tried.push({ way: name, at: Number(vi.getMockedSystemTime()) - Number(start) })
    if (name === way) finish(END)
  }
  const coreWorker: CoreWorker = {
    cores: [0],
    id: 1,
    ended,
    dismiss: attempt('dismiss'),
    terminate: attempt('terminate'),
    kill: attempt('kill'),
  }
  return { coreWorker, tried }
}

beforeEach(() => {
  // Those of a core worker alone: others may be under way around it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

test.each<{ way: keyof CoreWorker; tried: readonly { way: string; at: number }[] }>([
  { way: 'dismiss', tried: [{ way: 'dismiss', at: 0 }] },
  {
    way: 'terminate',
    tried: [
      { way: 'dismiss', at: 0 },
      { way: 'terminate', at: 200 },
    ],
  },
  {
    way: 'kill',
    tried: [
      { way: 'dismiss', at: 0 },
      { way: 'terminate', at: 200 },
      { way: 'kill', at: 300 },
    ],
  },
])('a core worker that only ends by $way is ended by it', async ({ way, tried }) => {
  const { coreWorker, tried: found } = coreWorkerThatEndsAt(way)
  // What else goes on in this process may set timers, too.
  const [set, cleared] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')]
  const ending = endCoreWorker(coreWorker, { dismissed: 200, terminated: 100 })
  await vi.advanceTimersByTimeAsync(1000)
  await ending
  expect(found).toEqual(tried)
  // Each wait has four ticks.
  const own = set.mock.results.filter((_, k) => [50, 25].includes(set.mock.calls[k]![1]!))
  expect(own).toHaveLength(Math.min(tried.length, 2))
  for (const { value } of own) expect(cleared.mock.calls).toContainEqual([value])
})

test('a promise settles in time, too late or badly', async () => {
  const after = (ms: number, then: () => Promise<void>) =>
    new Promise<void>((resolve) => setTimeout(resolve, ms)).then(then)
  const outcomes = Promise.all([
    settlesWithin(
      after(10, async () => undefined),
      20,
    ),
    settlesWithin(
      after(30, async () => undefined),
      20,
    ),
    settlesWithin(
      after(10, () => Promise.reject(new Error('no'))),
      20,
    ),
  ])
  await vi.advanceTimersByTimeAsync(40)
  expect(await outcomes).toEqual([true, false, true])
})
