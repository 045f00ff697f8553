import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { open as openSession } from '../../../src/actors/open.js'
import type { CheckpointFlags } from '../../../src/cli/checkpoint/checkpoint-flags.js'
import { type CheckpointKeeper, openKeeper } from '../../../src/cli/train/checkpoint-keeper.js'
import type { EpochRecord } from '../../../src/cli/train/epoch-record.js'
import type { Warning } from '../../../src/cli/warn.js'
import { beginningOf, type TrainingPoint } from '../../../src/learning/training-point.js'
import { openBucketCheckpoints } from '../../../src/storage/checkpoint/bucket-checkpoints.js'
import { openCheckpoints } from '../../../src/storage/checkpoint/checkpoint-folder.js'
import { createMemoryBucket } from '../../support/memory-bucket.js'
import { createMemoryLeases } from '../../support/memory-leases.js'
import { expectSameBits } from '../../support/same-bits.js'
import { tinyTask } from '../../support/tiny-task.js'
import '../../support/guard.js'

let root: string
let path: string
/** One at a time. */
let last: CheckpointKeeper | null = null
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'antidrome-keeper-'))
  path = join(root, 'checkpoints')
})
afterEach(async () => {
  await last?.[Symbol.asyncDispose]()
  last = null
  await rm(root, { recursive: true })
})

const RECORD: EpochRecord = {
  epoch: 1,
  loss: null,
  trainAccuracy: 0.5,
  validationAccuracy: 0.25,
  silentFraction: 0,
  silentLabelFraction: 1,
  grazing: 0,
  samplesPerSecond: null,
  cpuSecondsPerSample: null,
}

async function opened(flags: CheckpointFlags = {}, open = () => openCheckpoints(path, flags)) {
  const said: string[] = []
  await last?.[Symbol.asyncDispose]()
  const voice = {
    say: (line: string) => void said.push(line),
    warn: ({ code, message }: Warning) => void said.push(`${code} ${message}`),
  }
  const keeper = await openKeeper(await open(), { ...flags, network: () => '{}' }, { seed: '1' }, voice)
  last = keeper
  const session = await openSession(tinyTask().network)
  await keeper.begin(session)
  const reached = async (point: TrainingPoint) => {
    keeper.stepDone(() => point)
    if (keeper.isDueAfter(point.step)) await keeper.writeDue(session, () => point)
  }
  return { keeper, session, said, reached }
}

const at = (epoch: number, step: number): TrainingPoint => ({ ...beginningOf(epoch), step })

test('a run goes on where the last one stopped, with the records of its epochs', async () => {
  const first = await opened()
  await first.reached(at(1, 1))
  first.keeper.epochDone(beginningOf(2))
  await first.keeper.afterEpoch(first.session, RECORD)
  await first.reached(at(2, 1))
  await first.keeper.stop(first.session)
  expect(first.said).toEqual([`wrote ${join(path, 'checkpoint-000003.antd')}: of epoch 2, 1 mini-batch is done.`])
  const { keeper, said } = await opened({ resume: true })
  expectSameBits(keeper.from, at(2, 1))
  expect(keeper.records).toStrictEqual([RECORD])
  expect(said).toEqual([`continues from ${join(path, 'checkpoint-000003.antd')}: of epoch 2, 1 mini-batch is done.`])
})

test('between two epochs a run stands behind the first, whose checkpoint is there already', async () => {
  const { keeper, session, reached, said } = await opened()
  await reached(at(1, 4))
  keeper.epochDone(beginningOf(2))
  await keeper.afterEpoch(session, RECORD)
  await keeper.stop(session)
  expect(said).toEqual([])
  const later = await opened({ resume: true })
  expectSameBits(later.keeper.from, beginningOf(2))
  expect(later.keeper.records).toStrictEqual([RECORD])
})

test('a checkpoint comes with every so many steps, and none twice', async () => {
  const { keeper, session, reached, said } = await opened({ checkpointEvery: 2 })
  for (const step of [1, 2]) await reached(at(1, step))
  await keeper.stop(session)
  expect(said).toEqual([])
  const later = await opened({ resume: true })
  expectSameBits(later.keeper.from, at(1, 2))
})

test('a fresh start among the checkpoints of an earlier run is refused, unless it replaces them', async () => {
  const first = await opened()
  expect(first.keeper.isResumed).toBe(false)
  await first.reached(at(1, 1))
  await expect(opened()).rejects.toMatchObject({ code: 'CHECKPOINTS_EXIST' })
  const { keeper, said } = await opened({ overwrite: true })
  expect(said).toEqual([])
  expectSameBits(keeper.from, beginningOf(1))
  const later = await opened({ resume: true })
  expect(later.keeper.isResumed).toBe(true)
  expectSameBits(later.keeper.from, beginningOf(1))
})

test('a stop that cannot write says so and goes on', async () => {
  const { keeper, session, reached, said } = await opened()
  await reached(at(1, 1))
  await rm(path, { recursive: true })
  await writeFile(path, 'no folder')
  await keeper.stop(session)
  expect(said).toEqual([
    expect.stringMatching(/^no checkpoint of this moment: .*checkpoints cannot be written: ENOTDIR/),
  ])
})

describe('in a store that fails for a while', () => {
  const NAME = 'object:bucket/first'
  const inBucket = () => {
    const [bucket, leases] = [createMemoryBucket(), createMemoryLeases()]
    const open = (flags: CheckpointFlags) => () => {
      return openBucketCheckpoints({ bucket, prefix: 'first', takeLease: leases.takeLease }, flags)
    }
    return { bucket, leases, open }
  }
  const goesOn = 'The training continues without checkpoints until one that is due can be written.'

  test('a training goes on, is told once, and again when checkpoints are written', async () => {
    const { bucket, open } = inBucket()
    const { keeper, session, reached, said } = await opened({ checkpointEvery: 1 }, open({}))
    await reached(at(1, 1))
    bucket.fault = 'STORE_UNREACHABLE'
    for (const step of [2, 3, 4]) await reached(at(1, step))
    expect(said).toEqual([`CHECKPOINTS_PAUSED bucket: STORE_UNREACHABLE. ${goesOn}`])
    bucket.fault = null
    await reached(at(1, 5))
    expect(said.slice(1)).toEqual([
      `checkpoints are written again: ${NAME}/checkpoint-0000000001-000003.antd: of epoch 1, 5 mini-batches are done.`,
    ])
    // Another outage is another warning.
    bucket.fault = 'STORE_FULL'
    keeper.epochDone(beginningOf(2))
    await keeper.afterEpoch(session, RECORD)
    expect(said.slice(2)).toEqual([`CHECKPOINTS_PAUSED bucket: STORE_FULL. ${goesOn}`])
    bucket.fault = null
    const later = await opened({ resume: true }, open({ resume: true }))
    expectSameBits(later.keeper.from, at(1, 5))
  })

  test('a training that ends before it is back says which checkpoint is the newest', async () => {
    const { bucket, leases, open } = inBucket()
    const { keeper, session, reached, said } = await opened({ checkpointEvery: 1 }, open({}))
    await reached(at(1, 1))
    leases.isAway = true
    await reached(at(1, 2))
    await keeper.stop(session)
    await keeper[Symbol.asyncDispose]()
    expect(said).toEqual([
      `CHECKPOINTS_PAUSED Nobody answers. ${goesOn}`,
      'no checkpoint of this moment: Nobody answers.',
      `the newest checkpoint is ${NAME}/checkpoint-0000000001-000002.antd: of epoch 1, 1 mini-batch is done.`,
    ])
    expect(bucket.objects.size).toBe(3)
  })

  test('a training that is through tries once more', async () => {
    const { bucket, open } = inBucket()
    const { keeper, session, said } = await opened({}, open({}))
    bucket.fault = 'STORE_UNREACHABLE'
    keeper.epochDone(beginningOf(2))
    await keeper.afterEpoch(session, RECORD)
    bucket.fault = null
    await keeper.finish(session, { done: true, testAccuracy: 1, run: 'runs/first', digest: '0' })
    expect(said.slice(1)).toEqual([
      `checkpoints are written again: ${NAME}/checkpoint-0000000001-000002.antd: 1 epoch is done.`,
    ])
    const later = await opened({ resume: true }, open({ resume: true }))
    expect(later.keeper.records).toStrictEqual([RECORD])
  })

  test('a training whose lease is lost, or that may not write, ends', async () => {
    const { bucket, leases, open } = inBucket()
    const { keeper, session, reached, said } = await opened({ checkpointEvery: 1 }, open({}))
    bucket.fault = 'STORE_DENIED'
    await expect(reached(at(1, 1))).rejects.toMatchObject({ code: 'STORE_DENIED' })
    bucket.fault = null
    leases.expire('bucket/first')
    await using _next = await open({ resume: true })()
    await expect(reached(at(1, 2))).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(await keeper.lease?.lost).toMatchObject({ code: 'LEASE_LOST' })
    await keeper.stop(session)
    expect(said).toEqual([])
  })

  test('a training does not begin', async () => {
    const { bucket, open } = inBucket()
    bucket.fault = 'STORE_UNREACHABLE'
    await expect(opened({}, open({}))).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
    // It can be read, and takes nothing.
    bucket.fault = 'STORE_FULL'
    await expect(opened({}, open({}))).rejects.toMatchObject({ code: 'STORE_FULL' })
  })
})
