import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { HostEnd } from '../../../src/actors/supervision/failure-report.js'
import { endHost, type Host, settlesWithin } from '../../../src/actors/supervision/host.js'

const END: HostEnd = { exitCode: 0, signal: null, lastWords: '' }

/** A host that ends at the n-th of the ways to end it; what was tried, and when. */
function hostThatEndsAt(way: keyof Host) {
  const start = vi.getMockedSystemTime() as Date
  const tried: { readonly way: keyof Host; readonly at: number }[] = []
  let finish: (end: HostEnd) => void = () => undefined
  const ended = new Promise<HostEnd>((resolve) => {
    finish = resolve
  })
  const attempt = (name: keyof Host) => () => {
    tried.push({ way: name, at: Number(vi.getMockedSystemTime()) - Number(start) })
    if (name === way) finish(END)
  }
  const host: Host = {
    cores: [0],
    id: 1,
    ended,
    dismiss: attempt('dismiss'),
    terminate: attempt('terminate'),
    kill: attempt('kill'),
  }
  return { host, tried }
}

beforeEach(() => {
  // Those of a host alone: others may be under way around it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test.each<{ way: keyof Host; tried: readonly { way: string; at: number }[] }>([
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
])('a host that only ends by $way is ended by it', async ({ way, tried }) => {
  const { host, tried: found } = hostThatEndsAt(way)
  const ending = endHost(host, { dismissed: 200, terminated: 100 })
  await vi.advanceTimersByTimeAsync(1000)
  await ending
  expect(found).toEqual(tried)
  expect(vi.getTimerCount()).toBe(0)
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
