import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { Interruption, interruptible, watchInterrupt } from '../../src/cli/interruption.js'
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

test('the watch leaves no listener behind', () => {
  const before = process.listenerCount('SIGINT')
  {
    using watch = watchInterrupt('interrupted')
    expect(watch.signal.aborted).toBe(false)
    expect(process.listenerCount('SIGINT')).toBe(before + 1)
  }
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test('an interruption exits with 130 and its message alone', () => {
  const error = new Interruption('interrupted; the run stays.')
  expect(exitCodeOf(error)).toBe(130)
  expect(describeError(error)).toBe('interrupted; the run stays.')
})
