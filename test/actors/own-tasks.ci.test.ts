import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { ClusterOptions } from '../../src/actors/cluster-options.js'
import type { Restart } from '../../src/actors/cluster-session.js'
import type { Transport } from '../../src/actors/transport.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import type { Session } from '../../src/learning/session.js'
import type { Task } from '../../src/learning/task.js'
import { builtFile } from '../support/built-file.js'
import { isLong } from '../support/cases-of.js'
import { inTurn } from '../support/in-turn.js'
import { expectSameBits } from '../support/same-bits.js'
import { built, childrenOf, eventually } from './built-cluster.js'
import { type CountedTask, clickTask, courseHere, courseOf, PLACEMENT } from './click-tasks.js'

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

async function openFor({ network }: Task, options: ClusterOptions) {
  const notes: string[] = []
  const onNote = (note: string) => void notes.push(note)
  const session = await built.openCluster(network, PLACEMENT, { seed: 7, silence: 600_000, onNote, ...options })
  return { session, notes }
}

/** What the fingerprint of a task takes: 8 of its training samples, twice, 6 and 8 of the others. */
const PROBES = 30

/** Evaluates until nothing but that is encoded here. */
async function untilNamed(session: Session, { task, encoded }: CountedTask): Promise<void> {
  for (let added = 0; added !== PROBES; ) {
    const before = encoded()
    await evaluateSplit(session, task.test, task)
    added = encoded() - before
  }
}

/** Nobody has such a module. */
const GONE = { module: 'file:///nowhere/tasks.mjs', name: 'clicks', arguments: [24] }

const WAYS: readonly ClusterOptions[] = [
  { transport: 'thread', processes: 1 },
  { transport: 'websocket' },
  ...(isLong() ? [{ transport: 'thread' } as const] : []),
]
const TRANSPORTS: readonly Transport[] = inTurn(['thread', 'websocket'], 0)

describe.each(WAYS)('with $transport, processes $processes', (way) => {
  test('the task of a user is made where its samples are needed, and the bits are the same', async () => {
    const { task, encoded } = await clickTask('movedClicks')
    const { session, notes } = await openFor(task, way)
    expectSameBits(await courseOf(session, task), await courseHere(task))
    await untilNamed(session, { task, encoded })
    await session.close()
    expect(notes).toEqual([])
  })
})

test.each(TRANSPORTS)('over %s a module that is not there is told once', async (transport) => {
  const { task } = await clickTask('clicks')
  const strange = { ...task, origin: GONE }
  const { session, notes } = await openFor(task, { transport })
  expectSameBits(await courseOf(session, strange), await courseHere(task))
  await eventually(() => notes.length > 0)
  await courseOf(session, strange, { epochs: 1 })
  await session.close()
  expect(notes).toEqual([expect.stringMatching(/core \d cannot make the task itself: .*nowhere/)])
})

test('a module that opens a cluster as it is imported does so once, not without end', async () => {
  const { task } = await clickTask('clicks')
  const module = new URL('./opening-tasks.mjs', import.meta.url).href
  const { session, notes } = await openFor(task, { transport: 'thread' })
  await courseOf(session, { ...task, origin: { module, name: 'clicks', arguments: [] } }, { epochs: 1 })
  await eventually(() => notes.length > 0)
  await session.close()
  expect(notes).toEqual([expect.stringMatching(/opens a cluster itself/)])
})

test('a cluster that is started anew makes the task once more, and comes to the same bits', async () => {
  const counted = await clickTask('movedClicks')
  const { task } = counted
  const restarts: number[] = []
  const onRestart = ({ number }: Restart) => void restarts.push(number)
  const { session, notes } = await openFor(task, { transport: 'websocket', restarts: 3, onRestart })
  await untilNamed(session, counted)
  const kill = ({ epoch, step }: { readonly epoch: number; readonly step: number }) => {
    if (epoch === 1 && step === 2) process.kill(session.workers[1]?.id ?? Number.NaN, 'SIGKILL')
  }
  expectSameBits(await courseOf(session, task, { onStep: kill }), await courseHere(task))
  await untilNamed(session, counted)
  await session.close()
  expect(restarts).toEqual([1])
  expect(notes).toEqual([])
})

test('a cluster that is started anew does not say again that it cannot make a task', async () => {
  const { task } = await clickTask('clicks')
  const strange = { ...task, origin: GONE }
  const [known, notes] = [await clickTask('clicks'), [] as string[]]
  const onNote = (note: string) => void notes.push(note)
  const { session } = await openFor(task, { transport: 'websocket', processes: 1, restarts: 1, onNote })
  await evaluateSplit(session, task.test, strange)
  await eventually(() => notes.length > 0)
  process.kill(session.workers[0]?.id ?? Number.NaN, 'SIGKILL')
  await evaluateSplit(session, task.test, strange)
  // Behind it: partitions are asked in this order.
  await untilNamed(session, known)
  await session.close()
  expect(notes).toHaveLength(1)
})

test('without anybody to tell it to, it is a warning of the process', async () => {
  const { task } = await clickTask('clicks')
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  const strange = { ...task, origin: { module: 'file:///nowhere/tasks.mjs', name: 'clicks', arguments: [] } }
  await using session = await built.openCluster(task.network, PLACEMENT, { transport: 'thread' })
  await evaluateSplit(session, task.test, strange)
  expect((await warned).message).toMatch(/core \d cannot make the task itself/)
})

/** The text of everything that a file of the bundle imports as it starts, itself included. */
function startedBy(file: string, seen = new Map<string, string>()): string {
  if (seen.has(file)) return ''
  const text = readFileSync(builtFile(`bundle/${file}`), 'utf8')
  seen.set(file, text)
  const imported = [...text.matchAll(/(?<![\w$.])(?:import|export)\b[^;"(]*"\.\/([^"]+)"/g)]
  return text + imported.map(([, other]) => startedBy(other as string, seen)).join('')
}

test.each(['partition-process.js', 'partition-thread.js'])('%s starts without the part that makes tasks', (file) => {
  expect(startedBy('data.js')).toContain('temporal-patterns/')
  expect(startedBy(file)).toContain('import("./data.js")')
  expect(startedBy(file)).not.toContain('temporal-patterns/')
})
