import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { watchSlowness } from '../../../src/actors/partition/slow-replica.js'

/** What is said after runs in which the replicas spend these seconds each. */
async function notesOf(runs: number, seconds: (run: number) => readonly number[]): Promise<readonly string[]> {
  const notes: string[] = []
  const total = seconds(0).map(() => 0)
  const replicas = total.map((_, replica) => ({ core: 2, kernelSeconds: async () => total[replica] as number }))
  const after = watchSlowness(replicas, (note) => notes.push(note))
  for (let run = 1; run <= runs; run++) {
    seconds(run).forEach((spent, replica) => {
      total[replica] = (total[replica] as number) + spent
    })
    after()
    await setImmediate()
  }
  return notes
}

test('a replica ten times slower than the fastest is named, once', async () => {
  const notes = await notesOf(1000, () => [1, 2, 10])
  expect(notes).toEqual([expect.stringMatching(/^Replica 2 of core 2 takes 10\.0 times as long as the fastest/)])
})

test('nothing is said of parts of which one has twice the trials, of the first few runs, and where nobody computes', async () => {
  expect(await notesOf(1000, () => [2, 1, 1])).toEqual([])
  expect(await notesOf(31, () => [1, 10])).toEqual([])
  expect(await notesOf(1000, () => [0, 0])).toEqual([])
})

test('one that becomes slow is found by what it has spent since the last look', async () => {
  const notes = await notesOf(256, (run) => (run <= 64 ? [1, 1] : [1, 5]))
  expect(notes).toEqual([expect.stringContaining('Replica 1 of core 2 takes 5.0 times')])
})
