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
  const digestOf = (numbers: readonly (Float64Array | undefined)[]) => {
    const bytes = Buffer.from(numbers.flatMap((values) => [...(values as Float64Array)]).flatMap(bytesOf))
    return createHash('sha256').update(bytes).digest('hex')
  }
  const parameters = [
    projections['input->hidden']?.weights,
    projections['input->hidden']?.delays,
    projections['hidden->out']?.weights,
    ...['hidden', 'out'].flatMap((name) => [groups[name]?.threshold, groups[name]?.adaptStep, groups[name]?.bias]),
  ]
  const times = [spikes.hidden?.times, spikes.out?.times]
  expect(spikes.out?.times.length).toBeGreaterThan(0)
  expect(await runDigest(session, task)).toBe(digestOf([...parameters, ...times]))
  // Learned time constants belong to it, others do not.
  const taus = [10, 5, 100, 10, 5, 100].map((tau) => Float64Array.of(tau))
  expect(await runDigest(session, task, ['weights', 'taus'])).toBe(digestOf([...parameters, ...taus, ...times]))
})

function bytesOf(value: number): readonly number[] {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return [...bytes]
}

test('equal seeds have equal digests, other seeds others', async () => {
  const task = tinyTask()
  const digestOf = async (seed: number) => {
    await using session = await open(task.network, { seed })
    return await runDigest(session, task)
  }
  expect(await digestOf(1)).toBe(await digestOf(1))
  expect(await digestOf(2)).not.toBe(await digestOf(1))
})
