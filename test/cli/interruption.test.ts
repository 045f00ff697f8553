import { expect, test, vi } from 'vitest'
import { open } from '../../src/actors/open.js'
import { Interruption } from '../../src/cli/interrupted.js'
import { interruptible, interruptibly, watchInterrupt } from '../../src/cli/interruption.js'
import { describeError, exitCodeOf } from '../../src/cli/report-error.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import { tinyTask } from '../support/tiny-task.js'

test('an interruption comes through between two messages of one long evaluation', async () => {
  const task = tinyTask()
  await using opened = await open(task.network)
  const controller = new AbortController()
  const session = interruptible(opened, controller.signal)
  const reason = new Interruption('interrupted')
  setImmediate(() => controller.abort(reason))
  await expect(evaluateSplit(session, task.test, { ...task, batch: 1 })).rejects.toBe(reason)
})

test('a session that nobody interrupts gives what the session inside gives', async () => {
  const task = tinyTask()
  await using session = await open(task.network)
  const watched = interruptible(session, new AbortController().signal)
  expect(await evaluateSplit(watched, task.test, task)).toEqual(await evaluateSplit(session, task.test, task))
})

const CODES = [
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
  { signal: 'SIGHUP', code: 129 },
] as const

test.each(CODES)('the watch leaves no listener for $signal behind', ({ signal }) => {
  const before = process.listenerCount(signal)
  {
    using watch = watchInterrupt()
    expect(watch.signal.aborted).toBe(false)
    expect(process.listenerCount(signal)).toBe(before + 1)
  }
  expect(process.listenerCount(signal)).toBe(before)
})

test.each(CODES)(
  '$signal is what interrupted work ends with, whatever it makes of its end',
  async ({ signal, code }) => {
    const error = await interruptibly(
      () => 'all of it stays.',
      async (stop) => {
        process.emit(signal, signal)
        expect(stop.aborted).toBe(true)
        throw new Error('a core died')
      },
    ).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Interruption)
    expect(describeError(error)).toBe('interrupted; all of it stays.')
    expect(exitCodeOf(error)).toBe(code)
  },
)

test('a signal that comes twice at once is one, and one more, a moment later, ends the process', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('on the spot')
  })
  vi.useFakeTimers()
  try {
    using watch = watchInterrupt()
    process.emit('SIGINT', 'SIGINT')
    process.emit('SIGINT', 'SIGINT')
    expect(watch.signal.aborted).toBe(true)
    expect(exit).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(() => process.emit('SIGTERM', 'SIGTERM')).toThrow('on the spot')
    expect(exit).toHaveBeenCalledWith(143)
  } finally {
    vi.useRealTimers()
    exit.mockRestore()
  }
})

test('what is left is told as it is when the work has ended, by the innermost that knows', async () => {
  const left: string[] = []
  const leaves = () => left.join()
  const error = await interruptibly(
    () => 'nobody asks.',
    () =>
      interruptibly(leaves, async (stop) => {
        process.emit('SIGTERM', 'SIGTERM')
        left.push('a checkpoint.')
        stop.throwIfAborted()
      }),
  ).catch((reason: unknown) => reason)
  expect(describeError(error)).toBe('interrupted; a checkpoint.')
  expect(exitCodeOf(error)).toBe(143)
})

test('work that nobody interrupts ends as it does', async () => {
  const error = new Error('a core died')
  await expect(
    interruptibly(
      () => 'all of it stays.',
      () => Promise.reject(error),
    ),
  ).rejects.toBe(error)
  expect(
    await interruptibly(
      () => 'all of it stays.',
      async () => 7,
    ),
  ).toBe(7)
})

test('an interruption exits with its code and its message alone', () => {
  const error = new Interruption('interrupted; the run stays.')
  expect(exitCodeOf(error)).toBe(130)
  expect(describeError(error)).toBe('interrupted; the run stays.')
})
