import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ClusterTrace } from '../../../src/actors/cluster-session.js'
import { createTraceRecorder } from '../../../src/actors/trace/trace-recorder.js'
import { eitherSignal, watchTrace } from '../../../src/cli/trace/watch-trace.js'
import { RunError } from '../../../src/events/errors.js'
import type { TraceEvent } from '../../../src/storage/trace-file.js'

afterEach(() => {
  vi.useRealTimers()
})

const FULL = new RunError({ code: 'FILE_UNWRITABLE', message: 't.json cannot be written: full.', remedy: 'Make room.' })

/** A watch over a session that records one event a taking, and a file that takes so many times what it is given. */
function watched({ writes = Infinity, room = 2 } = {}) {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const recorder = createTraceRecorder(() => 5, room)
  const track = recorder.track('cluster')
  const label = recorder.label({ name: 'tick', category: 'session', shape: 'instant' })
  const written: TraceEvent[] = []
  const told = { taken: 0, closed: 0, err: '' }
  const failed = new AbortController()
  const session = {
    async trace(): Promise<ClusterTrace> {
      told.taken++
      if (told.taken === 2) throw new Error('busy')
      for (let k = 0; k < 3; k++) recorder.add({ track, label, start: told.taken })
      return { since: 0, coordinator: recorder.take(), cores: [] }
    },
  }
  const file = {
    async append(events: Iterable<TraceEvent>) {
      if (writes-- <= 0) throw FULL
      written.push(...events)
    },
    async close() {
      told.closed++
    },
  }
  const terminal = {
    err: (text: string) => {
      told.err += text
    },
  }
  const watch = watchTrace(session, { file, path: 't.json', json: false, failed, terminal })
  const ticks = () => written.filter(({ name }) => name === 'tick').map(({ ts }) => ts)
  return { watch, told, failed, ticks, written }
}

describe('a watch over a trace', () => {
  test('takes every second and at the end, past failures, and says where it all is', async () => {
    const { watch, told, ticks } = watched({ room: 3 })
    for (let second = 0; second < 3; second++) await vi.advanceTimersByTimeAsync(1000)
    expect(ticks()).toEqual([1, 1, 1, 3, 3, 3])
    await watch.finish()
    await watch[Symbol.asyncDispose]()
    await vi.advanceTimersByTimeAsync(5000)
    expect(ticks().slice(6)).toEqual([4, 4, 4])
    expect(told).toEqual({
      ...{ taken: 4, closed: 1 },
      err: 'antidrome: t.json holds the trace; ui.perfetto.dev and chrome://tracing read it.\n',
    })
  })

  test('tells how many events were lost', async () => {
    const { watch, told, written } = watched()
    await watch.finish()
    expect(told.err).toContain('antidrome: the trace lacks 1 events')
    expect(written.filter(({ name }) => name === 'events lost').map(({ args }) => args)).toEqual([{ events: 1 }])
  })

  test('ends what it is part of when the file can no longer be written', async () => {
    const { watch, told, failed, ticks } = watched({ writes: 1 })
    const other = new AbortController()
    const signal = eitherSignal(other.signal, failed.signal)
    await vi.advanceTimersByTimeAsync(2000)
    expect(signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1000)
    const reason = { code: 'FILE_UNWRITABLE', message: '--trace: t.json cannot be written: full. Make room.' }
    expect(signal.reason).toMatchObject({ ...reason, details: { field: '--trace' } })
    await vi.advanceTimersByTimeAsync(1000)
    await expect(watch.finish()).rejects.toBe(signal.reason)
    await watch[Symbol.asyncDispose]()
    expect([ticks(), told.closed, told.err]).toEqual([
      [1, 1],
      1,
      expect.stringMatching(/^antidrome: the trace lacks \d events.*\n$/),
    ])
  })
})

test('one of two signals suffices, and the first alone is itself', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  expect(eitherSignal(one.signal, null)).toBe(one.signal)
  const either = eitherSignal(one.signal, other.signal)
  one.abort('stop')
  expect(either.reason).toBe('stop')
})
