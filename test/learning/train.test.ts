import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { sgd } from '../../src/learning/optimizers/sgd.js'
import { constantRate, decayTo } from '../../src/learning/schedules.js'
import type { Session, StepOptions } from '../../src/learning/session.js'
import type { Task } from '../../src/learning/task.js'
import { type Epoch, train } from '../../src/learning/train.js'
import type { StepProgress, TrainOptions } from '../../src/learning/train-options.js'
import { openLinearRace, raceLoss, raceTask } from './linear-race.js'

const optimizer = adam({ learningRate: 0.05 })

async function collect(epochs: AsyncIterable<Epoch>, count = Number.POSITIVE_INFINITY): Promise<Epoch[]> {
  const all: Epoch[] = []
  for await (const epoch of epochs) {
    all.push(epoch)
    if (all.length >= count) break
  }
  return all
}

/** A task and a session that note what they are asked. */
function watched(task: Task, session: Session) {
  const samples: number[][] = []
  const steps: StepOptions[] = []
  const train: Task['train'] = {
    ...task.train,
    encode: (order) => {
      samples.push([...order])
      return task.train.encode(order)
    },
  }
  const observed: Session = {
    ...session,
    train: (trials, step) => {
      steps.push(step)
      return session.train(trials, step)
    },
  }
  return { task: { ...task, train }, session: observed, samples, steps }
}

describe('training', () => {
  it('learns a task that can be learned', async () => {
    const task = raceTask({ train: 256, validation: 128 })
    const session = openLinearRace()
    const before = await evaluateSplit(session, task.validation, task)
    const epochs = await collect(train(session, task, { optimizer, epochs: 15 }))
    expect(before.accuracy).toBeLessThan(0.7)
    expect(epochs.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1))
    expect(epochs.at(-1)!.validationAccuracy).toBeGreaterThan(0.97)
    expect(epochs.at(-1)!.trainAccuracy).toBeGreaterThan(0.97)
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss! / 2)
    expect(epochs[0]).toMatchObject({ samples: 256, grazing: 0, samplesPerSecond: null, cpuSecondsPerSample: null })
    const after = await evaluateSplit(session, task.validation, task)
    expect(after.accuracy).toBe(epochs.at(-1)!.validationAccuracy)
    expect(after.loss).toBe(epochs.at(-1)!.validationLoss)
  })

  it('shows every sample once an epoch, in an order of its own each epoch, or all but an incomplete batch', async () => {
    const numbers = fc.record({ size: fc.integer({ min: 1, max: 40 }), batch: fc.integer({ min: 1, max: 40 }) })
    await fc.assert(
      fc.asyncProperty(numbers, fc.boolean(), async ({ size, batch }, dropLast) => {
        fc.pre(!dropLast || batch <= size)
        const { task, session, samples } = watched(raceTask({ train: size, validation: 2 }), openLinearRace())
        const [epoch] = await collect(train(session, task, { optimizer, epochs: 1, batch, dropLast }))
        const shown = dropLast ? size - (size % batch) : size
        expect(epoch!.samples).toBe(shown)
        expect(new Set(samples.flat()).size).toBe(shown)
        expect(samples.flat()).toHaveLength(shown)
        expect(samples.slice(0, -1).every((each) => each.length === batch)).toBe(true)
        expect(samples).toHaveLength(Math.ceil(shown / batch))
      }),
      { numRuns: 40 },
    )
    const { task, session, samples } = watched(raceTask({ train: 30, validation: 2 }), openLinearRace())
    await collect(train(session, task, { optimizer, epochs: 2, batch: 30 }))
    expect(samples[0]).not.toEqual(samples[1])
  })

  it('is a function of the seed', async () => {
    const run = async (seed: number) => {
      const session = openLinearRace()
      return {
        epochs: await collect(train(session, raceTask({ train: 50, validation: 9 }), { optimizer, epochs: 3, seed })),
        parameters: await session.parameters(),
      }
    }
    expect(await run(1)).toEqual(await run(1))
    expect((await run(1)).parameters).not.toEqual((await run(2)).parameters)
  })

  it('goes on after some epochs as if it had never stopped', async () => {
    const task = raceTask({ train: 50, validation: 9 })
    const options: TrainOptions = { optimizer, epochs: 6, batch: 8, seed: 3 }
    const [whole, parts] = [openLinearRace(), openLinearRace()]
    const all = await collect(train(whole, task, options))
    const first = await collect(train(parts, task, options), 2)
    const rest = await collect(train(parts, task, { ...options, completedEpochs: 2 }))
    expect([...first, ...rest]).toEqual(all)
    expect(await parts.parameters()).toEqual(await whole.parameters())
  })

  it('does nothing before its first epoch is asked for', async () => {
    const { task, session, samples } = watched(raceTask({ train: 8, validation: 2 }), openLinearRace())
    const epochs = train(session, task, { optimizer, epochs: 1 })
    await Promise.resolve()
    expect(samples).toEqual([])
    await collect(epochs)
    expect(samples).toHaveLength(1)
  })

  it('hands every step its options, and rates that follow the schedule', async () => {
    const { task, session, steps } = watched(raceTask({ train: 8, validation: 2 }), openLinearRace())
    const progress: StepProgress[] = []
    const options: TrainOptions = {
      optimizer: sgd({ learningRate: 0.5, momentum: 0.25 }),
      epochs: 2,
      batch: 4,
      learn: ['weights', 'thresholds'],
      rates: { thresholds: 0.125 },
      bounds: { weights: [-3, 4] },
      clipNorm: 2,
      silentLabelHinge: 0.75,
      silentWeightStep: { output: 0.003 },
      schedule: decayTo(0.0001, 'epoch'),
      onStep: (step) => progress.push(step),
    }
    await collect(train(session, task, options))
    expect(steps).toHaveLength(4)
    expect(steps[0]).toEqual({
      loss: raceLoss,
      optimizer: { kind: 'sgd', momentum: 0.25 },
      rates: { weights: 0.5, thresholds: 0.125 },
      bounds: { weights: [-3, 4], thresholds: [0.5, Number.POSITIVE_INFINITY] },
      clipNorm: 2,
      silentLabelHinge: 0.75,
      silentHinge: {},
      silentWeightStep: { output: 0.003 },
    })
    expect(steps[1]).toEqual(steps[0])
    expect(steps[2]!.rates.weights).toBeCloseTo(0.005, 15)
    expect(steps[3]!.rates.thresholds).toBeCloseTo(0.00125, 15)
    expect(progress.map(({ epoch, step, samples }) => [epoch, step, samples])).toEqual([
      [1, 1, 4],
      [1, 2, 8],
      [2, 1, 4],
      [2, 2, 8],
    ])
    expect(progress[2]).toMatchObject({ epochs: 2, steps: 2, learningRate: steps[2]!.rates.weights })
  })

  it('tells of an epoch the rate of its last step', async () => {
    const last = new Map<number, number>()
    const options: TrainOptions = {
      optimizer,
      epochs: 3,
      batch: 4,
      schedule: decayTo(0.01),
      onStep: ({ epoch, learningRate }) => last.set(epoch, learningRate),
    }
    const epochs = await collect(train(openLinearRace(), raceTask({ train: 12, validation: 2 }), options))
    expect(epochs.map(({ learningRate }) => learningRate)).toEqual([...last.values()])
    expect(new Set(last.values()).size).toBe(3)
  })

  it('counts silent labels, and has no loss where all are silent', async () => {
    const task = raceTask({ train: 32, validation: 8 })
    const silent = openLinearRace({ silentAfter: 9 })
    const [epoch] = await collect(train(silent, task, { optimizer, epochs: 1 }))
    expect(epoch).toMatchObject({ loss: null, validationLoss: null, trainAccuracy: 0, validationAccuracy: 0 })
    expect(epoch).toMatchObject({ silentFraction: 1, silentLabelFraction: 1, gradientNorm: 0 })
  })

  it('reports the mean loss of the untouched network where nothing moves', async () => {
    const task = raceTask({ train: 8, validation: 8 })
    const frozen = { optimizer, epochs: 1, bounds: { weights: [0, 0] as const }, schedule: constantRate() }
    const [epoch] = await collect(train(openLinearRace(), task, frozen))
    // All weights 0: both outputs spike together.
    expect(epoch!.loss).toBe(Math.LN2)
    const share = task.train.labels.filter((label) => label === 0).length / 8
    expect(epoch!.trainAccuracy).toBe(share)
    expect(epoch!.learningRate).toBe(0.05)
  })

  it('takes its time from the clock it is given, of training alone', async () => {
    let [wall, cpu] = [100, 7]
    const session = openLinearRace()
    const timed: Session = {
      ...session,
      train: (trials, step) => {
        wall += 2
        cpu += 0.5
        return session.train(trials, step)
      },
      evaluate: (trials, loss) => {
        wall += 1000
        return session.evaluate(trials, loss)
      },
    }
    const clock = { wall: () => wall, cpu: () => cpu }
    const task = raceTask({ train: 16, validation: 2 })
    const epochs = await collect(train(timed, task, { optimizer, epochs: 2, batch: 8, clock }))
    for (const epoch of epochs) expect(epoch).toMatchObject({ samplesPerSecond: 4, cpuSecondsPerSample: 1 / 16 })
  })
})

describe('evaluating a split', () => {
  it('predicts every sample in order, whatever the batch', async () => {
    const task = raceTask({ train: 50, validation: 30 })
    const session = openLinearRace()
    await collect(train(session, task, { optimizer, epochs: 2 }))
    const whole = await evaluateSplit(session, task.train, { ...task, batch: 50 })
    const right = whole.predictions.filter((prediction, sample) => prediction === task.train.labels[sample]).length
    expect(whole.accuracy).toBe(right / 50)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (batch) => {
        const parts = await evaluateSplit(session, task.train, { ...task, batch })
        // Shares are exact here; losses are summed over trials in one order, whatever the batch.
        expect(parts).toEqual(whole)
      }),
      { numRuns: 20 },
    )
  })

  it('refuses an empty one', async () => {
    const task = raceTask({ train: 1, validation: 0 })
    const empty = evaluateSplit(openLinearRace(), task.validation, task)
    await expect(empty).rejects.toThrow(expect.objectContaining({ code: 'DATASET_EMPTY' }))
  })
})
