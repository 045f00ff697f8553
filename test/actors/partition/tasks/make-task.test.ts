import { describe, expect, test } from 'vitest'
import { makeTask } from '../../../../src/actors/partition/tasks/make-task.js'
import { readFashionMnist, readMnist } from '../../../../src/data/files/read-image-task.js'
import { spikeTimes } from '../../../../src/data/patterns/spike-times.js'
import { temporalPatterns } from '../../../../src/data/patterns/temporal-patterns.js'
import { yinYang } from '../../../../src/data/yin-yang.js'
import { differenceBetween, fingerprintOf } from '../../../../src/learning/task-fingerprint.js'
import { writeImageFiles } from '../../../support/small-images.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'

const SIZES = { train: 12, validation: 3, test: 4 }

describe('a task of this package', () => {
  test.each([
    { name: 'yinYang', make: async () => yinYang({ hidden: 40, biasSpike: true }) },
    { name: 'spikeTimes', make: async () => spikeTimes({ patterns: 3, jitter: 1, sizes: SIZES }) },
    { name: 'temporalPatterns', make: async () => temporalPatterns({ classes: 4, dataSeed: 9, sizes: SIZES }) },
    { name: 'readMnist', make: (folder: string) => readMnist(folder, { shift: 2 }) },
    { name: 'readFashionMnist', make: (folder: string) => readFashionMnist(folder, { inputSpan: 9 }) },
  ])('of $name is made from its origin', async ({ name, make }) => {
    await using folder = await temporaryFolder()
    writeImageFiles(folder.path, { train: 24, test: 5 })
    const task = await make(folder.path)
    expect(task.origin?.name).toBe(name)
    const made = await makeTask(structuredClone(task.origin) as NonNullable<typeof task.origin>)
    expect(made).not.toBe(task)
    expect(made.origin).toEqual(task.origin)
    expect(differenceBetween(fingerprintOf(made), fingerprintOf(task))).toBeNull()
  })

  test('has an origin that whoever changes the options afterwards does not change', () => {
    const options = { hidden: 40, weights: { input: { mean: 1, std: 1 } } }
    const { origin } = yinYang(options)
    options.weights.input.mean = 2
    expect(origin?.arguments).toEqual([{ hidden: 40, weights: { input: { mean: 1, std: 1 } } }])
  })
})

describe('fingerprints differ', () => {
  const expected = fingerprintOf(yinYang())

  test('where the spikes of some samples do', () => {
    const found = differenceBetween(fingerprintOf(yinYang({ inputSpan: 29 })), expected)
    expect(found).toBe('samples of its split "train" have other input spikes')
  })

  test('where a label does', () => {
    const task = yinYang()
    task.validation.labels[999] = ((task.validation.labels[999] ?? 0) + 1) % 3
    expect(differenceBetween(fingerprintOf(task), expected)).toBe('its split "validation" has other labels')
  })

  test('where training samples are augmented', () => {
    const { train, validation, test } = yinYang()
    const moved = {
      ...train,
      encode: (...[samples, draw]: Parameters<typeof train.encode>) => {
        const { input } = train.encode(samples)
        return { input: { ...input!, times: input!.times.map((time) => time + (draw?.epoch ?? 0)) } }
      },
    }
    const found = differenceBetween(fingerprintOf({ train: moved, validation, test }), expected)
    expect(found).toBe('samples of its split "train" have other input spikes')
  })
})
