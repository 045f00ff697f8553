import { describe, expect, test } from 'vitest'
import { taskOfRun } from '../../src/cli/task-of-run.js'
import type { Network } from '../../src/network/description/network.js'

const RUN = {
  task: 'yin-yang',
  preset: 'yin-yang-200-all',
  flags: { learn: ['weights', 'thresholds'], hidden: [24, 16], recurrent: true, loss: { kind: 'firstSpike', tau0: 9 } },
} as const

const sizesOf = ({ groups }: Network) => groups.filter(({ name }) => name.startsWith('hidden')).map(({ size }) => size)

describe('the task of a run', () => {
  test('has what was learned, its sizes and its loss', async () => {
    const { task, training } = await taskOfRun(RUN, {})
    expect(training.learn).toEqual(['weights', 'thresholds'])
    expect(sizesOf(task.network)).toEqual([24, 16])
    expect(task.network.projections.some(({ source, target }) => source === target)).toBe(true)
    expect(task.loss).toMatchObject({ kind: 'firstSpike', tau0: 9 })
    const plain = await taskOfRun({ ...RUN, flags: {} }, {})
    expect(sizesOf(plain.task.network)).toEqual([200])
    expect(plain.training.learn).toContain('delays')
    expect(plain.task.loss).not.toMatchObject({ tau0: 9 })
  })

  test('is what is said here instead, with the loss of a preset that is named', async () => {
    const { task, training } = await taskOfRun(RUN, { learn: ['weights'], hidden: [8], preset: 'yin-yang-weights' })
    expect(training.learn).toEqual(['weights'])
    expect(sizesOf(task.network)).toEqual([8])
    expect(task.loss).not.toMatchObject({ tau0: 9 })
  })
})
