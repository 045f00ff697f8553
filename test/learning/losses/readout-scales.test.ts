import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { temporalPatterns } from '../../../src/data/patterns/temporal-patterns.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { liIntegral, vMax } from '../../../src/learning/define-loss.js'
import { checkGradient } from '../../../src/learning/gradient-check.js'
import type { Loss } from '../../../src/learning/loss.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import { constantRate } from '../../../src/learning/schedules.js'
import type { LabelledTrials, Session } from '../../../src/learning/session.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { train } from '../../../src/learning/train.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { step } from '../../actors/small-networks.js'
import { evaluateIntegralLoss, evaluateMaximaLoss } from '../../support/evaluate-losses.js'
import { expectSameBits } from '../../support/same-bits.js'
import { trainsOf } from '../trains.js'

/** Two classes at three time scales, in blocks that cores may share. */
const NETWORK = defineNetwork({
  groups: {
    in: source(3),
    hidden: lif(40, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    out: li(6, { tauMem: [10, 10, 40, 40, 160, 160], tauSyn: 5 }),
  },
  projections: [connect('in', 'hidden', dense(normal(3, 1))), connect('hidden', 'out', dense(normal(0, 0.2)))],
})
const TRIALS: LabelledTrials = {
  count: 3,
  until: 60,
  labels: Uint8Array.of(0, 1, 1),
  inputs: {
    in: trainsOf(
      [2, 5, 9].map((start) => Array.from({ length: 6 }, (_, k) => ({ time: start + 6 * k, unit: (k + start) % 3 }))),
    ),
  },
}
const LOSSES: readonly Loss[] = [
  liIntegral('out', { tau: 60, scale: 3, mean: true, unitsPerClass: 3, smoothing: 0.1 }),
  vMax('out', { unitsPerClass: 3 }),
]

describe.each(LOSSES)('classes with several units each, under $kind,', (loss) => {
  test('have the gradient of their loss', async () => {
    await using session = await open(NETWORK, { seed: 4 })
    const { gradients } = await session.gradient(TRIALS, loss, TRIALS.labels)
    const start = await session.parameters()
    for (const key of ['hidden->out', 'in->hidden']) {
      const projection = start.projections[key]!
      const probe = async (weights: Float64Array) => {
        const projections = { ...start.projections, [key]: { ...projection, weights } }
        await session.setParameters({ ...start, projections })
        const { losses } = await session.evaluate(TRIALS, loss)
        return { value: losses.reduce((sum: number, each) => sum + each!, 0) }
      }
      const gradient = gradients.projections[key]!.weights
      const indices = [0, 7, 50, 110]
      const report = await checkGradient({ values: projection.weights, gradient, probe, step: 2 ** -8, indices })
      expect(report.worst!.ratio).toBeLessThanOrEqual(1)
      expect(report.compared.some(({ exact }) => Math.abs(exact) > 1e-6)).toBe(true)
      await session.setParameters(start)
    }
  })

  test('have the same bits on every placement', async () => {
    const course = async (session: Session) => {
      await using running = session
      const { gradients } = await running.gradient(TRIALS, loss, TRIALS.labels)
      const { losses, predictions } = await running.train(TRIALS, step({ loss, rates: { weights: 0.01, taus: 0.1 } }))
      expect(predictions.every((prediction) => prediction < 2)).toBe(true)
      return { gradients, losses, predictions, parameters: await running.parameters() }
    }
    const whole = await course(await open(NETWORK, { seed: 4 }))
    for (const cores of [2, 3]) {
      expectSameBits(await course(await open(NETWORK, { seed: 4, placement: placeOnCores(NETWORK, cores) })), whole)
    }
  })

  test('are told apart on a grid of time nearly as without one', async () => {
    await using exact = await open(NETWORK, { seed: 4 })
    const grid = openSurrogate(NETWORK, { seed: 4, dt: 0.1 })
    const [expected, found] = [await exact.evaluate(TRIALS, loss), await grid.evaluate(TRIALS, loss)]
    found.losses.forEach((each, trial) => {
      expect(each!).toBeCloseTo(expected.losses[trial]!, 1)
    })
  })
})

describe('the scores of classes', () => {
  const integrals = Float64Array.of(1, 2, 30, 40, 0.5, 0.25)

  test('are the sums over their units', () => {
    const loss = liIntegral('out', { tau: 9, scale: 0.25, unitsPerClass: 3 })
    const [explicit, summed] = [new Float64Array(6), new Float64Array(2)]
    const found = evaluateIntegralLoss(loss, 6, integrals, 0, 1, explicit)
    const sums = Float64Array.of(31.5, 42.25)
    expect(found).toEqual(evaluateIntegralLoss(liIntegral('out', { tau: 9, scale: 0.25 }), 2, sums, 0, 1, summed))
    expect(found.prediction).toBe(1)
    expect([...explicit]).toEqual([...summed, ...summed, ...summed])
    const maxima = { values: integrals, times: new Float64Array(6) }
    expect(evaluateMaximaLoss(vMax('out', { unitsPerClass: 2 }), 6, maxima, 0, 0, explicit).prediction).toBe(0)
  })

  test('are means over the trial where that is said', () => {
    // Trials end at 10^6 ms here.
    const [mean, plain] = [new Float64Array(6), new Float64Array(6)]
    const found = evaluateIntegralLoss(liIntegral('out', { scale: 2e6, mean: true }), 6, integrals, 0, 1, mean)
    expect(found).toEqual(evaluateIntegralLoss(liIntegral('out', { scale: 2 }), 6, integrals, 0, 1, plain))
    expect(mean).toEqual(plain)
  })

  test('need as many units for each class', async () => {
    await using session = await open(NETWORK)
    const uneven = session.evaluate(TRIALS, vMax('out', { unitsPerClass: 4 }))
    await expect(uneven).rejects.toMatchObject({ code: 'LOSS_UNITS_PER_CLASS' })
    const beyond = session.evaluate({ ...TRIALS, labels: Uint8Array.of(0, 1, 2) }, vMax('out', { unitsPerClass: 3 }))
    await expect(beyond).rejects.toMatchObject({ code: 'LOSS_LABEL_RANGE' })
    const endless = session.gradient(
      { ...TRIALS, until: Infinity },
      liIntegral('out', { tau: 5, mean: true }),
      TRIALS.labels,
    )
    await expect(endless).rejects.toMatchObject({ code: 'LOSS_WITHOUT_END' })
  })
})

test('a task with several time scales learns, also under a loss that does not say how many', async () => {
  const sizes = { train: 320, validation: 100, test: 20 }
  const task = temporalPatterns({ hidden: 30, classes: 3, sizes, readoutTaus: [10, 60] })
  expect(task.loss).toEqual({ kind: 'vMax', group: 'output', unitsPerClass: 2 })
  await using session = await open(task.network, { seed: 5 })
  const accuracies: number[] = []
  const options = {
    optimizer: adam({ learningRate: 0.02 }),
    schedule: constantRate(),
    epochs: 6,
    batch: 16,
    loss: vMax('output'),
  }
  for await (const epoch of train(session, task, options)) accuracies.push(epoch.validationAccuracy)
  expect(accuracies.at(-1)).toBeGreaterThan(0.6)
})
