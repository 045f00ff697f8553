import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BestEpoch, isBetter, isExhausted } from '../../src/learning/best-epoch.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import { openLinearRace, raceTask } from './linear-race.js'

const validation = fc.record({
  accuracy: fc.constantFrom(0.25, 0.5, 0.75),
  loss: fc.option(fc.constantFrom(0.1, 0.2, 0.3)),
})

describe('the best epoch', () => {
  it('is the first of those with the lowest loss among those with the highest accuracy', () => {
    fc.assert(
      fc.property(fc.array(validation, { minLength: 1, maxLength: 12 }), (epochs) => {
        let best: BestEpoch | null = null
        for (const [k, each] of epochs.entries())
          if (isBetter(each, best)) best = { ...each, epoch: k + 1, state: null }
        const order = epochs.map(({ accuracy, loss }, k) => ({ accuracy, loss: loss ?? Infinity, epoch: k + 1 }))
        order.sort(
          (a, b) => b.accuracy - a.accuracy || (a.loss < b.loss ? -1 : a.loss > b.loss ? 1 : a.epoch - b.epoch),
        )
        expect(best?.epoch).toBe(order[0]!.epoch)
      }),
    )
  })

  it('is waited for as long as patience lasts', () => {
    const best: BestEpoch = { epoch: 4, accuracy: 1, loss: 0, state: null }
    expect([4, 5, 6, 7].map((done) => isExhausted(best, done, 2))).toEqual([false, false, true, true])
    expect(isExhausted(best, 1e6, null)).toBe(false)
    expect(isExhausted(null, 3, 1)).toBe(false)
  })
})

describe('training', () => {
  const task = raceTask({ train: 60, validation: 40 })
  /** Steps so large that it gets worse again. */
  const options: TrainOptions = { optimizer: adam({ learningRate: 2 }), epochs: 12, batch: 8 }

  async function courseOf(change: Partial<TrainOptions>) {
    const session = openLinearRace()
    const accuracies: number[] = []
    let best: BestEpoch | null | undefined
    const onEpoch: TrainOptions['onEpoch'] = (point) => {
      best = point.best
    }
    for await (const epoch of train(session, task, { ...options, ...change, onEpoch }))
      accuracies.push(epoch.validationAccuracy)
    const { predictions } = await session.evaluate(
      {
        count: 40,
        until: task.until,
        labels: task.validation.labels,
        inputs: task.validation.encode(Uint32Array.from({ length: 40 }, (_, k) => k)),
      },
      task.loss,
    )
    const right = predictions.filter((label, k) => label === task.validation.labels[k]).length
    return { accuracies, best, last: right / 40 }
  }

  it('goes on to its end and stays there, unless told otherwise', async () => {
    const { accuracies, best, last } = await courseOf({})
    expect(accuracies).toHaveLength(12)
    expect(last).toBe(accuracies.at(-1))
    expect(best).toMatchObject({ accuracy: Math.max(...accuracies), state: null })
  })

  it('stops when its patience is over', async () => {
    const all = await courseOf({})
    const { accuracies, best } = await courseOf({ patience: 1 })
    expect(accuracies.length).toBeLessThan(12)
    expect(accuracies).toEqual(all.accuracies.slice(0, accuracies.length))
    expect(accuracies).toHaveLength(best!.epoch + 1)
  })
})
