import { describe, expect, test } from 'vitest'
import type { Partition, PreparedTask } from '../../../src/actors/partition/partition.js'
import { createPreparedTasks } from '../../../src/actors/session/prepared-tasks.js'
import { RunError } from '../../../src/events/errors.js'
import type { TaskSamples } from '../../../src/learning/session.js'
import type { TaskFingerprint, TaskOrigin } from '../../../src/learning/task.js'

const SPLIT = { size: 3, labels: 'a', inputs: 'b' }
const fingerprint: TaskFingerprint = { train: SPLIT, validation: SPLIT, test: SPLIT }
const originOf = (...given: unknown[]): TaskOrigin => ({ module: 'clicks', name: 'clicks', arguments: given })
const samplesOf = (origin: TaskOrigin): TaskSamples => ({
  ...{ origin, fingerprint, split: 'train', numbers: Uint32Array.of(0) },
})

/** Partitions that reply as they are told, and what was asked and told. */
function prepared(reply: () => Promise<PreparedTask>) {
  const asked: TaskOrigin[] = []
  const notes: string[] = []
  const prepare = (_: number, origin: TaskOrigin) => {
    asked.push(origin)
    return reply()
  }
  const partition = { core: 0, prepare } as unknown as Partition
  return { tasks: createPreparedTasks([partition], (note) => void notes.push(note)), asked, notes }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const made = async () => ({ fingerprint })

test('origins that say the same are one task, also where they hold arrays', async () => {
  const { tasks, asked, notes } = prepared(made)
  const origins = [1, 2].map(() => originOf(160, { pixels: new Uint8Array(1e6).fill(7) }))
  for (const origin of origins) tasks.nameOf(samplesOf(origin))
  await settled()
  expect(asked).toHaveLength(1)
  expect(origins.map((origin) => tasks.nameOf(samplesOf(origin))?.task)).toEqual([1, 1])
  expect(tasks.nameOf(samplesOf(originOf(160, { pixels: new Uint8Array(1e6).fill(8) })))).toBeNull()
  expect(asked).toHaveLength(2)
  expect(notes).toEqual([])
})

describe('what cannot be asked for is told by its place', () => {
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const failing = Object.defineProperty({}, 'path', {
    enumerable: true,
    get: () => {
      throw new Error('no path is known')
    },
  })

  test.each<[string, unknown, string]>([
    ['a function', () => 1, 'task.origin.arguments[1] is a function'],
    ['a date', new Date(0), 'task.origin.arguments[1] is a Date object'],
    ['a map within', { sizes: [new Map()] }, 'task.origin.arguments[1].sizes[0] is a Map object'],
    ['a big integer', 1n, 'task.origin.arguments[1] is a bigint'],
    ['a symbol', Symbol('s'), 'task.origin.arguments[1] is a symbol'],
    ['a list in itself', cyclic, 'task.origin.arguments[1][0] holds itself'],
    ['a key of the language', JSON.parse('{"__proto__": 1}'), 'task.origin.arguments[1] has the key "__proto__"'],
    ['a field that throws', failing, 'task.origin cannot be read: no path is known'],
  ])('%s', async (_, argument, says) => {
    const { tasks, asked, notes } = prepared(made)
    const samples = samplesOf(originOf(3, argument))
    for (let k = 0; k < 2; k++) {
      expect(tasks.nameOf(samples)).toBeNull()
      await settled()
    }
    expect(asked).toEqual([])
    expect(notes).toEqual([expect.stringContaining(says)])
    expect(notes[0]).not.toContain('bug')
  })
})

test('a core that is lost while it makes a task leaves word of the task', async () => {
  const reasons = [
    new RunError({ code: 'CORE_DIED', message: 'Core 0 died: exit code 3.' }),
    new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' }),
  ]
  const notes = await Promise.all(
    reasons.map(async (reason) => {
      const { tasks, notes } = prepared(() => Promise.reject(reason))
      tasks.nameOf(samplesOf(originOf()))
      await settled()
      return notes
    }),
  )
  const word = 'A core was lost while it was to make a task, clicks of clicks: Core 0 died: exit code 3.'
  expect(notes).toEqual([[word], []])
})

test('a task that never comes to an end is told of once', async () => {
  const { tasks, notes } = prepared(() => new Promise(() => undefined))
  const samples = samplesOf(originOf())
  for (let k = 0; k < 200; k++) expect(tasks.nameOf(samples)).toBeNull()
  await settled()
  expect(notes).toEqual([
    'Input spikes are sent with every mini-batch, as the cores still make the task itself: clicks of clicks has not come to an end.',
  ])
})
