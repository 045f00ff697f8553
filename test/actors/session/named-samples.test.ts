import { realpathSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { RunOrder } from '../../../src/actors/partition/partition.js'
import { createTaskEncoder } from '../../../src/actors/partition/tasks/task-encoder.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import { startCluster } from '../../../src/actors/supervision/start-cluster.js'
import { evaluateSplit } from '../../../src/learning/evaluate-split.js'
import { miniBatch } from '../../../src/learning/mini-batch.js'
import { namedSplits } from '../../../src/learning/named-splits.js'
import type { Session, StepOptions } from '../../../src/learning/session.js'
import type { Task } from '../../../src/learning/task.js'
import { eventually } from '../../support/eventually.js'
import { expectSameBits } from '../../support/same-bits.js'
import { type Clicks, clickTask, courseHere, courseOf, PLACEMENT } from '../click-tasks.js'
import { ADAM, step } from '../small-networks.js'
import { memoryLauncher } from '../supervision/memory-launcher.js'

/** A session over partitions behind links, and what its coordinator has told and sent. */
async function openBehindLinks({ network }: Task) {
  const launcher = memoryLauncher({ network, placement: PLACEMENT, silence: 60_000 })
  const { partitions, supervisor } = await startCluster({
    seed: 7,
    network,
    placement: PLACEMENT,
    launcher,
    startLimit: 60_000,
  })
  const notes: string[] = []
  const session = createSession(
    {
      ...{ network, placement: PLACEMENT, partitions },
      note: (note) => void notes.push(note),
      close: () => supervisor.close(),
    },
    { seed: 7 },
  )
  const controls = await Promise.all(launcher.controls)
  const sent = () => controls.reduce((sum, control) => sum + control.sent.bytes, 0)
  return { session, notes, sent, controls, [Symbol.asyncDispose]: () => session.close() }
}

const STEP: StepOptions = step({
  loss: { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
  optimizer: ADAM,
  rates: { weights: 0.01 },
})

/** Of the order of a small mini-batch, to one core. */
const MOST_BYTES = 400

/** Mini-batches of the training samples, as the trainer makes them. */
const batchesOf = (task: Task, ...numbers: readonly (readonly number[])[]) =>
  numbers.map((samples) =>
    miniBatch(task.train, Uint32Array.from(samples), task.until, { seed: 1, epoch: 2 }, namedSplits(task)(task.train)),
  )

/** Uses a session until an evaluation encodes nothing here. */
async function untilPrepared(session: Session, { task, encoded }: Awaited<ReturnType<typeof clickTask>>) {
  const [batch] = batchesOf(task, [0, 1])
  for (let before = -1; before < encoded(); ) {
    before = encoded()
    await setImmediate()
    await session.evaluate(batch as NonNullable<typeof batch>, task.loss)
  }
}

describe.each<Clicks>(['clicks', 'movedClicks', 'thriftyClicks'])('the task of a user, %s', (name) => {
  test('comes to the same bits as in one process, and in the end nothing is encoded here', async () => {
    const counted = await clickTask(name)
    const { task, encoded } = counted
    await using behind = await openBehindLinks(task)
    const { session, notes } = behind
    const course = await courseOf(session, task)
    expectSameBits(course, await courseHere(task))
    expect(course.epochs.at(-1)).toMatchObject({ loss: expect.any(Number), silentFraction: 0 })
    await untilPrepared(session, counted)
    const state = await session.save()
    const batches = batchesOf(task, [0, 3, 6, 9], [2, 4])
    const before = encoded()
    for (const batch of batches) await session.train(batch, STEP)
    expect(encoded()).toBe(before)
    const named = await session.save()
    await session.restore(state)
    for (const { samples: _, ...batch } of batches) await session.train(batch, STEP)
    expectSameBits(await session.save(), named)
    expect(notes).toEqual([])
  })
})

test('inputs that a core has encoded stay as they are while it encodes those of the next run', async () => {
  const { task } = await clickTask('thriftyClicks')
  const core = createTaskEncoder(() => undefined).on(0, task.network)
  await core.prepare(1, task.origin!)
  const inputsOf = (number: number, numbers: readonly number[]) => {
    const samples = { task: 1, split: 'train', numbers: Uint32Array.from(numbers), draw: { seed: 1, epoch: 2 } }
    const run = { trials: { count: numbers.length, until: task.until, inputs: {} } }
    return core.withInputs({ number, run, samples } as unknown as RunOrder).run.trials.inputs
  }
  const first = inputsOf(1, [0, 1, 2])
  const before = structuredClone(first)
  expect(inputsOf(2, [3, 4, 5])).not.toEqual(before)
  expectSameBits(first, before)
  expectSameBits(inputsOf(1, [0, 1, 2]), before)
})

test('the order of a mini-batch that is known by name carries no spikes', async () => {
  const counted = await clickTask('clicks')
  await using behind = await openBehindLinks(counted.task)
  const { session, sent, controls } = behind
  const [batch] = batchesOf(counted.task, [0, 3, 6, 9])
  if (batch === undefined) return
  const bytesOf = async (work: () => Promise<unknown>) => {
    const before = sent()
    await work()
    return (sent() - before) / controls.length
  }
  const spikes = batch.inputs.input?.times.length ?? 0
  const { samples: _, ...plain } = batch
  expect(await bytesOf(() => session.train(plain, STEP))).toBeGreaterThan(8 * spikes)
  await untilPrepared(session, counted)
  expect(await bytesOf(() => session.train(batch, STEP))).toBeLessThan(MOST_BYTES)
  expect(await bytesOf(() => session.evaluate(batch, STEP.loss))).toBeLessThan(MOST_BYTES)
  // Its spikes have gradients of their own, which belong to what was given.
  const gradients = await session.gradient(batch, STEP.loss, batch.labels)
  expectSameBits(gradients, await session.gradient(plain, STEP.loss, batch.labels))
})

describe('a task that partitions cannot make', () => {
  const expected = clickTask('clicks').then(({ task }) => courseHere(task, { epochs: 1 }))

  test.each<{ why: string; change: (task: Task) => Task['origin']; says: RegExp }>([
    {
      why: 'for want of its module',
      change: () => ({ module: 'file:///nowhere/tasks.mjs', name: 'clicks', arguments: [] }),
      says: /core \d cannot make the task itself: .*nowhere\/tasks\.mjs/,
    },
    {
      why: 'for want of its function',
      change: ({ origin }) => ({ module: origin?.module ?? '', name: 'klicks', arguments: [] }),
      says: /core \d cannot .*"klicks"/,
    },
    {
      why: 'as it fails',
      change: ({ origin }) => ({ module: origin?.module ?? '', name: 'brokenClicks', arguments: [] }),
      says: /core \d cannot .*: the files are gone\.$/,
    },
    {
      why: 'as what comes of it is no task',
      change: () => ({ module: 'antidrome/data', name: 'createMt19937', arguments: [1] }),
      says: /core \d cannot .*task\.train/,
    },
    {
      why: 'as it comes out smaller there',
      change: ({ origin }) => ({ module: origin?.module ?? '', name: 'clicks', arguments: [23] }),
      says: /core \d cannot .*another task: its split "train" has 23 samples, not 24\.$/,
    },
    {
      why: 'as its arguments cannot travel',
      change: ({ origin }) => ({ module: origin?.module ?? '', name: 'clicks', arguments: [() => 24] }),
      says: /no core can make the task itself: .*function/,
    },
    {
      why: 'as its module is the program that runs',
      change: () => ({
        module: pathToFileURL(realpathSync(process.argv[1] ?? '')).href,
        name: 'clicks',
        arguments: [],
      }),
      says: /no core can make the task itself: .* is the program that is running/,
    },
  ])('$why is sent as spikes, which is said once', async ({ change, says }) => {
    const { task } = await clickTask('clicks')
    const strange = { ...task, origin: change(task) }
    await using behind = await openBehindLinks(task)
    expectSameBits(await courseOf(behind.session, strange, { epochs: 1 }), await expected)
    // Other partitions may still be at it.
    await eventually(() => behind.notes.length > 0)
    await evaluateSplit(behind.session, task.test, strange)
    expect(behind.notes).toEqual([expect.stringMatching(says)])
  })

  test('as it is another one with every call is sent as spikes', async () => {
    const { task } = await clickTask('moodyClicks')
    await using behind = await openBehindLinks(task)
    expectSameBits(await courseOf(behind.session, task), await courseHere(task))
    await eventually(() => behind.notes.length > 0)
    expect(behind.notes).toEqual([expect.stringMatching(/another task: samples of its split "train" have other input/)])
  })
})

test('samples that a core cannot encode reject their run, and the session goes on', async () => {
  const counted = await clickTask('fragileClicks')
  const { task } = counted
  await using behind = await openBehindLinks(task)
  const { session } = behind
  await untilPrepared(session, counted)
  const [good, damaged] = batchesOf(task, [0, 1, 2], [4, 20])
  if (good === undefined || damaged === undefined) return
  const ahead = session.trainAhead ?? session.train
  const calls = [
    session.train(good, STEP),
    ahead(damaged, STEP),
    ahead(good, STEP),
    session.evaluate(damaged, STEP.loss),
    session.train(good, STEP),
  ]
  const outcomes = await Promise.allSettled(calls)
  expect(outcomes.map((each) => (each.status === 'rejected' ? each.reason.code : null))).toEqual([
    ...[null, 'SAMPLES_NOT_ENCODED', 'STEP_NOT_TAKEN', 'SAMPLES_NOT_ENCODED', null],
  ])
  await expect(session.evaluate(damaged, STEP.loss)).rejects.toMatchObject({
    message: expect.stringMatching(/^Core \d .* split "train" of the task "fragileClicks": sample 20 is damaged/),
    details: { task: 'fragileClicks', split: 'train' },
  })
  const state = await session.save()
  await using fresh = await openBehindLinks(task)
  const { samples: _, ...plain } = good
  for (let k = 0; k < 2; k++) await fresh.session.train({ ...plain, inputs: good.inputs }, STEP)
  expectSameBits(state, await fresh.session.save())
})

test('several callers, and more tasks than partitions keep, do not get into each other’s way', async () => {
  const sizes = [12, 13, 14, 15, 16, 17]
  const tasks = await Promise.all(sizes.map(async (size) => (await clickTask('clicks', size)).task))
  const [first] = tasks
  if (first === undefined) return
  await using behind = await openBehindLinks(first)
  const measure = async (session: Session) => {
    const found: unknown[] = []
    for (let round = 0; round < 2; round++) {
      found.push(...(await Promise.all(tasks.map((task) => evaluateSplit(session, task.train, { ...task, batch: 8 })))))
      await setImmediate()
    }
    return found
  }
  const found = await measure(behind.session)
  await using plain = await openBehindLinks(first)
  for (const task of tasks) Object.assign(task, { origin: undefined })
  expectSameBits(found, await measure(plain.session))
  expect(behind.notes).toEqual([])
})
