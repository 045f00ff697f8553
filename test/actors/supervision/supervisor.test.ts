import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createSupervisor } from '../../../src/actors/supervision/supervisor.js'
import { createDeferred } from '../../../src/events/deferred.js'
import { InputError, RunError } from '../../../src/events/errors.js'
import { LinkError } from '../../../src/streams/link-error.js'
import { createManualClock } from '../../suites/link-fixture.js'

const BROKEN = new LinkError({
  code: 'LINK_BROKEN',
  link: 'core 0 - core 1',
  peer: 'core 1',
  what: 'it broke',
  watermark: null,
})
const KILLED = { exitCode: null, signal: 'SIGKILL', lastWords: '' }

/** Two linked cores; `ends` tells how the cluster was ended. */
function twoCores(end: () => Promise<void> = async () => undefined, unheard?: (core: number) => number | null) {
  const ends: (Error | null)[] = []
  const supervisor = createSupervisor({
    neighbours: [[1], [0]],
    startLimit: 1000,
    gatherLimit: 200,
    ...(unheard === undefined ? {} : { unheard }),
    end(failure) {
      ends.push(failure)
      return end()
    },
  })
  return { supervisor, ends }
}

function readyCores(end?: () => Promise<void>) {
  const cluster = twoCores(end)
  cluster.supervisor.markReady(0)
  cluster.supervisor.markReady(1)
  return cluster
}

const died = { kind: 'ended', cores: [1], end: KILLED } as const
const seenBy0 = { kind: 'link', core: 0, peer: 1, error: BROKEN } as const

/** What a promise has come to by now. */
async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  return Promise.race([settled, vi.advanceTimersByTimeAsync(0).then(() => 'pending')])
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the start', () => {
  test('is over when every core is ready, however often one says so', async () => {
    const { supervisor, ends } = twoCores()
    supervisor.markReady(1)
    supervisor.markReady(1)
    expect(await stateOf(supervisor.opened)).toBe('pending')
    supervisor.markReady(0)
    await supervisor.opened
    await vi.advanceTimersByTimeAsync(5000)
    expect(supervisor.failure()).toBeNull()
    expect(ends).toEqual([])
  })

  test('takes as much longer as this process slept: nobody is late that it could not hear', () => {
    const clock = createManualClock()
    const input = { neighbours: [[1], [0]], startLimit: 30_000, gatherLimit: 200, end: async () => undefined }
    const supervisor = createSupervisor(input, clock)
    clock.advance(29_000)
    clock.jump(45_000)
    expect(supervisor.failure()).toBeNull()
    clock.advance(999)
    expect(supervisor.failure()).toBeNull()
    clock.advance(2)
    expect(supervisor.failure()).toMatchObject({ code: 'CORE_LATE', details: { core: 0, limit: 30_000 } })
  })

  test('fails when time is up, and names who is not ready', async () => {
    const { supervisor, ends } = twoCores()
    supervisor.markReady(0)
    await vi.advanceTimersByTimeAsync(999)
    expect(supervisor.failure()).toBeNull()
    await vi.advanceTimersByTimeAsync(2)
    await expect(supervisor.opened).rejects.toMatchObject({ code: 'CORE_LATE', details: { core: 1, limit: 1000 } })
    expect(ends).toEqual([supervisor.failure()])
  })

  test('that fails when time is up names only those that never said where they listen, if there are any', async () => {
    const { supervisor } = twoCores()
    supervisor.markListening(0)
    await vi.advanceTimersByTimeAsync(1001)
    await expect(supervisor.opened).rejects.toMatchObject({
      message: expect.stringMatching(/^Core 1 was not ready after 1000 ms\./),
      details: { core: 1 },
    })
  })

  test('that fails when time is up names those alone that are silent, whoever waits for them', async () => {
    const { supervisor } = twoCores(undefined, (core) => (core === 1 ? 600 : null))
    supervisor.markListening(0)
    supervisor.markListening(1)
    await vi.advanceTimersByTimeAsync(1001)
    await expect(supervisor.opened).rejects.toMatchObject({
      message: expect.stringMatching(/^Core 1 was not ready after 1000 ms\. It has said nothing in the last 600 ms\./),
      details: { core: 1, unheard: 600 },
    })
  })

  test('rejects only when everything has ended', async () => {
    const ending = createDeferred<void>()
    const { supervisor } = twoCores(() => ending.promise)
    const mistake = new InputError({ code: 'BIAS', field: 'bias', found: '2', expected: 'less' })
    supervisor.report({ kind: 'refused', core: 1, error: mistake })
    expect(supervisor.failure()).toBe(mistake)
    expect(await stateOf(supervisor.opened)).toBe('pending')
    ending.resolve()
    await expect(supervisor.opened).rejects.toBe(mistake)
  })

  test('may be closed', async () => {
    const { supervisor, ends } = twoCores()
    await supervisor.close()
    expect(ends).toEqual([null])
  })
})

describe('trouble', () => {
  test('becomes a failure at once when nobody is left to be heard', async () => {
    const { supervisor } = readyCores()
    supervisor.report(seenBy0)
    expect(supervisor.failure()).toBeNull()
    supervisor.report(died)
    expect(supervisor.failure()).toMatchObject({ code: 'CORE_DIED', details: { link: 'core 0 - core 1' } })
  })

  test('waits a moment for the others otherwise', async () => {
    const { supervisor, ends } = readyCores()
    supervisor.report(seenBy0)
    await vi.advanceTimersByTimeAsync(199)
    expect(supervisor.failure()).toBeNull()
    await vi.advanceTimersByTimeAsync(2)
    expect(supervisor.failure()).toMatchObject({ code: 'CORE_UNREACHABLE' })
    expect(ends).toEqual([supervisor.failure()])
  })

  test('while closing is none', async () => {
    const ending = createDeferred<void>()
    const { supervisor, ends } = readyCores(() => ending.promise)
    const closing = supervisor.close()
    supervisor.report(died)
    supervisor.report(seenBy0)
    await vi.advanceTimersByTimeAsync(1000)
    ending.resolve()
    await closing
    supervisor.report(died)
    expect(supervisor.failure()).toBeNull()
    expect(ends).toEqual([null])
  })

  test('happens once', async () => {
    const { supervisor, ends } = readyCores()
    for (const report of [seenBy0, died, died, seenBy0]) supervisor.report(report)
    const first = supervisor.failure()
    await supervisor.close()
    await supervisor.close()
    expect(supervisor.failure()).toBe(first)
    expect(ends).toEqual([first])
  })
})

describe('an interruption', () => {
  const reason = new Error('enough')

  test.each<{ when: string; prepare: () => ReturnType<typeof twoCores> }>([
    { when: 'while the cluster starts', prepare: twoCores },
    { when: 'when it is ready', prepare: readyCores },
    {
      when: 'while trouble is gathered',
      prepare() {
        const cluster = readyCores()
        cluster.supervisor.report(seenBy0)
        return cluster
      },
    },
  ])('$when ends everything at once, and is what everybody hears', async ({ prepare }) => {
    const { supervisor, ends } = prepare()
    const work = supervisor.guard(0, () => new Promise<never>(() => undefined))
    supervisor.interrupt(reason)
    supervisor.report(died)
    await expect(work).rejects.toBe(reason)
    expect(ends).toEqual([reason])
    await expect(supervisor.guard(1, async () => 1)).rejects.toBe(reason)
    await supervisor.close()
    expect(supervisor.failure()).toBe(reason)
  })

  test('while it closes does not wait for the orderly end', async () => {
    const ending = createDeferred<void>()
    let ends = 0
    const { supervisor } = readyCores(() => (ends++ === 0 ? ending.promise : Promise.resolve()))
    const closing = supervisor.close()
    supervisor.interrupt(reason)
    await closing
    expect(ends).toBe(2)
  })

  test('after a failure changes nothing', async () => {
    const { supervisor, ends } = readyCores()
    supervisor.report(seenBy0)
    supervisor.report(died)
    supervisor.interrupt(reason)
    await supervisor.close()
    expect(supervisor.failure()).toMatchObject({ code: 'CORE_DIED' })
    expect(ends.length).toBe(1)
  })
})

describe('guarded work', () => {
  const never = () => new Promise<never>(() => undefined)

  test('comes to its own result or error', async () => {
    const { supervisor } = readyCores()
    const mistake = new RunError({ code: 'SPIKE_LIMIT', message: 'Too many.' })
    expect(await supervisor.guard(0, async () => 7)).toBe(7)
    await expect(supervisor.guard(0, () => Promise.reject(mistake))).rejects.toBe(mistake)
    expect(supervisor.failure()).toBeNull()
  })

  test('that throws has failed like any other', async () => {
    const { supervisor } = readyCores()
    const bug = new TypeError('it cannot be sent')
    const thrower = () => {
      throw bug
    }
    await expect(supervisor.guard(0, thrower)).rejects.toBe(bug)
    expect(supervisor.failure()).toBeNull()
  })

  test('is broken off by a failure, and what follows is not begun', async () => {
    const { supervisor } = readyCores()
    const works = [supervisor.guard(0, never), supervisor.guard(1, never)]
    supervisor.report(seenBy0)
    supervisor.report(died)
    const failure = supervisor.failure()
    for (const work of works) await expect(work).rejects.toBe(failure)
    const later = vi.fn(never)
    await expect(supervisor.guard(0, later)).rejects.toBe(failure)
    expect(later).not.toHaveBeenCalled()
  })

  test('that a broken link ended waits for the cause', async () => {
    const { supervisor } = readyCores()
    const work = supervisor.guard(0, () => Promise.reject(BROKEN))
    expect(await stateOf(work)).toBe('pending')
    supervisor.report(died)
    await expect(work).rejects.toMatchObject({ code: 'CORE_DIED' })
  })

  test('that a broken link ended is itself a reason to fail', async () => {
    const { supervisor } = readyCores()
    const work = supervisor.guard(0, () => Promise.reject(BROKEN))
    const refused = expect(work).rejects.toMatchObject({ code: 'CORE_UNREACHABLE' })
    await vi.advanceTimersByTimeAsync(300)
    await refused
  })

  test('that a closed link ended says so', async () => {
    const { supervisor } = readyCores()
    await supervisor.close()
    await expect(supervisor.guard(0, () => Promise.reject(BROKEN))).rejects.toBe(BROKEN)
  })
})
