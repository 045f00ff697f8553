import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { CheckpointFlags } from '../../../src/cli/train/checkpoint-flags.js'
import { type CheckpointKeeper, openKeeper } from '../../../src/cli/train/checkpoint-keeper.js'
import type { EpochRecord } from '../../../src/cli/train/epoch-record.js'
import { beginningOf, type TrainingPoint } from '../../../src/learning/training-point.js'
import { expectSameBits } from '../../support/same-bits.js'
import { tinyTask } from '../../support/tiny-task.js'
import '../../support/guard.js'

let root: string
let path: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'antidrome-keeper-'))
  path = join(root, 'checkpoints')
})
afterEach(() => rm(root, { recursive: true }))

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

/** One at a time. */
let last: CheckpointKeeper | null = null

async function opened(flags: CheckpointFlags = {}) {
  const said: string[] = []
  await last?.[Symbol.asyncDispose]()
  const keeper = await openKeeper(path, flags, { seed: '1' }, (line) => void said.push(line))
  last = keeper
  const session = await open(tinyTask().network)
  await keeper.begin(session)
  const after = async (point: TrainingPoint) => {
    keeper.stepDone(() => point)
    if (keeper.isDueAfter(point.step)) await keeper.writeDue(session, () => point)
  }
  return { keeper, session, said, after }
}

const at = (epoch: number, step: number): TrainingPoint => ({ ...beginningOf(epoch), step })

test('a run goes on where the last one stopped, with the records of its epochs', async () => {
  const first = await opened()
  await first.after(at(1, 1))
  first.keeper.epochDone(beginningOf(2))
  await first.keeper.afterEpoch(first.session, RECORD)
  await first.after(at(2, 1))
  await first.keeper.stop(first.session)
  expect(first.said).toEqual([`wrote ${join(path, 'checkpoint-000003.antd')}: of epoch 2, 1 mini-batch is done.`])
  const { keeper, said } = await opened({ resume: true })
  expectSameBits(keeper.from, at(2, 1))
  expect(keeper.records).toStrictEqual([RECORD])
  expect(said).toEqual([`goes on from ${join(path, 'checkpoint-000003.antd')}: of epoch 2, 1 mini-batch is done.`])
})

test('between two epochs a run stands behind the first, whose checkpoint is there already', async () => {
  const { keeper, session, after, said } = await opened()
  await after(at(1, 4))
  keeper.epochDone(beginningOf(2))
  await keeper.afterEpoch(session, RECORD)
  await keeper.stop(session)
  expect(said).toEqual([])
  const later = await opened({ resume: true })
  expectSameBits(later.keeper.from, beginningOf(2))
  expect(later.keeper.records).toStrictEqual([RECORD])
})

test('a checkpoint comes with every so many steps, and none twice', async () => {
  const { keeper, session, after, said } = await opened({ checkpointEvery: 2 })
  for (const step of [1, 2]) await after(at(1, step))
  await keeper.stop(session)
  expect(said).toEqual([])
  const later = await opened({ resume: true })
  expectSameBits(later.keeper.from, at(1, 2))
})

test('a fresh start among the checkpoints of an earlier run is refused, unless it replaces them', async () => {
  const first = await opened()
  expect(first.keeper.isResumed).toBe(false)
  await first.after(at(1, 1))
  await expect(opened()).rejects.toMatchObject({ code: 'CHECKPOINTS_EXIST' })
  const { keeper, said } = await opened({ overwrite: true })
  expect(said).toEqual([])
  expectSameBits(keeper.from, beginningOf(1))
  const later = await opened({ resume: true })
  expect(later.keeper.isResumed).toBe(true)
  expectSameBits(later.keeper.from, beginningOf(1))
})

test('a stop that cannot write says so and goes on', async () => {
  const { keeper, session, after, said } = await opened()
  await after(at(1, 1))
  await rm(path, { recursive: true })
  await writeFile(path, 'no folder')
  await keeper.stop(session)
  expect(said).toEqual([
    expect.stringMatching(/^no checkpoint of this moment: .*checkpoints cannot be written: ENOTDIR/),
  ])
})
