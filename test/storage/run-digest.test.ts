import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { miniBatch } from '../../src/learning/mini-batch.js'
import { runDigest } from '../../src/storage/run-digest.js'
import { tinyTask } from '../support/tiny-task.js'

test('the digest is that of the parameters in file order and of the spike times, group by group', async () => {
  const task = tinyTask()
  await using session = await open(task.network, { seed: 4 })
  const { projections, groups } = await session.parameters()
  const all = Uint32Array.from({ length: task.test.size }, (_, sample) => sample)
  const { spikes } = await session.simulate(miniBatch(task.test, all, task.until))
  const numbers = [
    projections['input->hidden']?.weights,
    projections['input->hidden']?.delays,
    projections['hidden->out']?.weights,
    ...['hidden', 'out'].flatMap((name) => [groups[name]?.threshold, groups[name]?.adaptStep, groups[name]?.bias]),
    spikes.hidden?.times,
    spikes.out?.times,
  ].flatMap((values) => [...(values as Float64Array)])
  expect(spikes.out?.times.length).toBeGreaterThan(0)
  const bytes = Buffer.alloc(8 * numbers.length)
  for (const [index, value] of numbers.entries()) bytes.writeDoubleLE(value, 8 * index)
  expect(await runDigest(session, task)).toBe(createHash('sha256').update(bytes).digest('hex'))
})

test('equal seeds have equal digests, other seeds others', async () => {
  const task = tinyTask()
  const digestOf = async (seed: number) => {
    await using session = await open(task.network, { seed })
    return await runDigest(session, task)
  }
  expect(await digestOf(1)).toBe(await digestOf(1))
  expect(await digestOf(2)).not.toBe(await digestOf(1))
})
