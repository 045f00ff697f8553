import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { compactRecordings } from '../../../src/data/recordings/compact-recordings.js'
import { eventTask } from '../../../src/data/recordings/task/event-task.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { liIntegral } from '../../../src/learning/define-loss.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import { easeIn } from '../../../src/learning/schedules.js'
import type { Session } from '../../../src/learning/session.js'
import { type Epoch, train } from '../../../src/learning/train.js'
import type { TrainOptions } from '../../../src/learning/train-options.js'

/** Strokes over a strip of eight sensors, upwards or downwards, at 16 speeds each. */
const STROKES = compactRecordings(
  Array.from({ length: 64 }, (_, sample) => {
    const isUp = sample % 2 === 0
    const [start, gap] = [2 + (sample % 5), 4 + (Math.floor(sample / 2) % 16) / 4]
    const times = Array.from({ length: 8 }, (_, k) => start + gap * k)
    return { times, units: times.map((_, k) => (isUp ? k : 7 - k)), label: isUp ? 0 : 1 }
  }),
  { shape: [8] },
)

const OPTIONS: TrainOptions = {
  optimizer: adam({ learningRate: 0.02 }),
  schedule: easeIn({ factor: 1.5, start: 0.1 }),
  learn: ['weights', 'delays', 'thresholds'],
  rates: { delays: 0.3 },
  // Within a layer windows are as long as its shortest delay.
  bounds: { delays: [1, 30] },
  epochs: 2,
  batch: 8,
  spikeBudget: { hidden: { target: 1.5, high: 3 } },
  loss: liIntegral('output', { tau: 50, mean: true, scale: 40, smoothing: 0.05 }),
}

test('recurrent layers with learned delays of their own train, with the same bits on one core and on two', async () => {
  const task = eventTask(STROKES, {
    ...{ hidden: 40, recurrent: true, learnDelays: true, readoutTaus: [20, 60] },
    weights: { input: { mean: 2.5, std: 1.5 }, recurrent: { mean: 0, std: 0.5 } },
    delays: { input: { low: 1, high: 20 }, recurrent: { low: 1, high: 20 }, output: { low: 1, high: 5 } },
  })
  const [within] = task.network.projections.filter(({ key }) => key === 'hidden->hidden')
  expect(within).toMatchObject({
    weights: { distribution: 'normal', mean: 0, std: 0.5 },
    delays: { kind: 'perSynapse', values: { distribution: 'uniform', low: 1, high: 20 } },
  })
  const course = async (session: Session) => {
    await using running = session
    const start = await running.parameters()
    const epochs: Epoch[] = []
    for await (const epoch of train(running, task, OPTIONS)) epochs.push(epoch)
    const end = await running.save()
    const key = 'hidden->hidden'
    expect(end.parameters.projections[key]!.delays).not.toEqual(start.projections[key]!.delays)
    expect(end.parameters.projections[key]!.weights).not.toEqual(start.projections[key]!.weights)
    return { epochs, end }
  }
  const whole = await course(await open(task.network, { seed: 2 }))
  expect(whole.epochs.at(-1)!.loss).toBeLessThan(0.7 * whole.epochs[0]!.loss!)
  expect(whole.epochs.at(-1)!.validationAccuracy).toBeGreaterThan(0.8)
  const placement = placeOnCores(task.network, 2)
  expect(await course(await open(task.network, { seed: 2, placement }))).toStrictEqual(whole)
})
