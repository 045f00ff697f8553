import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { type BandedStep, RATE_BANDS } from '../../src/learning/banded-step.js'
import { createBudgetStrengths } from '../../src/learning/budget-strengths.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import type { Session, StepResult } from '../../src/learning/session.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { type Epoch, train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import type { TrainingPoint } from '../../src/learning/training-point.js'
import { exp } from '../../src/numerics/exp.js'
import { isLong } from '../support/cases-of.js'
import { openLinked } from '../support/open-linked.js'
import { tinyTask } from '../support/tiny-task.js'
import { openLinearRace, raceTask } from './linear-race.js'

const task = tinyTask()
const OPTIONS: TrainOptions = {
  optimizer: adam({ learningRate: 0.02 }),
  learn: ['weights', 'delays', 'thresholds'],
  epochs: 3,
  batch: 5,
  silentLabelHinge: 1,
  spikeBudget: { hidden: { target: 1, high: 1, gain: 0.5, start: 0.01 } },
}

async function collect(epochs: AsyncIterable<Epoch>): Promise<Epoch[]> {
  const all: Epoch[] = []
  for await (const epoch of epochs) all.push(epoch)
  return all
}

/** A session that notes the options of its steps. */
function noting(session: Session) {
  const steps: BandedStep[] = []
  const { trainAhead } = session
  const watched: Session = {
    ...session,
    train: (trials, step) => {
      steps.push(step)
      return session.train(trials, step)
    },
    ...(trainAhead === undefined
      ? {}
      : {
          trainAhead: (trials, step) => {
            steps.push(step)
            return trainAhead(trials, step)
          },
        }),
  }
  return { session: watched, steps }
}

/** What a step reports in which neurons spike so often in the mean. */
function reporting(spikes: number): StepResult {
  const firing = { pairs: 100, silent: 0, saturated: 0, grazing: 0, gradientNorm: null }
  return {
    ...{ losses: [1], predictions: Int32Array.of(0), grazing: 0, silentFraction: 0, gradientNorm: 1 },
    diagnosis: { groups: { hidden: { ...firing, spikes: Float64Array.of(100 * spikes) } }, gradientNorms: {} },
  }
}

const BUDGET = { target: 2, low: 0, high: 3, gain: 0.03, start: 1e-4 }

describe('the strength of a spike budget', () => {
  test('follows what steps report, two steps later', () => {
    const strengths = createBudgetStrengths({ hidden: BUDGET })
    const first = strengths.bands(0)
    expect(first).toEqual({ hidden: { low: 0, high: 3, strength: 1e-4 } })
    expect(strengths.bands(1)).toEqual(first)
    const seen = [3, 9, 0, 2, 1.25]
    let expected = 1e-4
    for (const spikes of seen) {
      const [, behind] = strengths.save().hidden!
      strengths.add(reporting(spikes))
      expected *= exp(0.03 * Math.min(spikes / 2 - 1, 1))
      expect(strengths.bands(0).hidden!.strength).toBe(behind)
      expect(strengths.bands(1).hidden!.strength).toBe(expected)
    }
  })

  test('goes on from where it stood', () => {
    const [whole, parts] = [createBudgetStrengths({ hidden: BUDGET }), createBudgetStrengths({ hidden: BUDGET })]
    for (const spikes of [3, 4, 5]) whole.add(reporting(spikes))
    parts.add(reporting(3))
    const later = createBudgetStrengths({ hidden: BUDGET }, parts.save())
    for (const spikes of [4, 5]) later.add(reporting(spikes))
    expect(later.save()).toStrictEqual(whole.save())
  })

  test('settles where the spikes are what they may be', () => {
    const strengths = createBudgetStrengths({ hidden: BUDGET })
    // The stronger the band, the fewer the spikes, and not at once.
    let spikes = 12
    for (let step = 0; step < 2000; step++) {
      spikes += 0.1 * (12 / (1 + 1e4 * strengths.bands(0).hidden!.strength) - spikes)
      strengths.add(reporting(spikes))
    }
    expect(spikes / 2).toBeCloseTo(1, 3)
    expect(strengths.bands(0).hidden!.strength).toBeCloseTo(5e-4, 6)
  })

  test('neither vanishes nor grows without end, which is told, but not before', () => {
    for (const [spikes, steps, sentences] of [
      [0, 1000, 0],
      [5, 1000, 1],
      [5, 300, 0],
    ] as const) {
      const strengths = createBudgetStrengths({ hidden: BUDGET })
      for (let step = 0; step < steps; step++) strengths.add(reporting(spikes))
      const { strength } = strengths.bands(0).hidden!
      if (steps === 1000) expect(strength).toBe(spikes === 0 ? 1e-4 / 1e4 : 1e-4 * 1e4)
      else expect(strength).toBeGreaterThan(0.1)
      const layer = {
        silent: 0,
        silentNeurons: 0,
        saturated: 0,
        grazing: 0,
        grazingFraction: 0,
        exploding: null,
        ...NO_READOUT,
      }
      const layers = { hidden: { ...layer, spikes, gradientNorm: null } }
      const { spent, advice } = strengths.result({ layers, gradientNorms: {} })
      expect(spent).toEqual({ hidden: { target: 2, spikes, strength } })
      expect(advice).toHaveLength(sentences)
      for (const sentence of advice) expect(sentence).toMatch(/^hidden: 5\.0 spikes a neuron are over the budget of 2/)
    }
  })
})

const NO_READOUT = { maximum: null, unrisen: null, deadUnits: [] }

describe('a training with a spike budget', () => {
  test('hands each step the band that two steps before it found', async () => {
    await using opened = await open(task.network, { seed: 5 })
    const { session, steps } = noting(opened)
    const epochs = await collect(train(session, task, OPTIONS))
    expect(steps).toHaveLength(15)
    const strengths = steps.map(({ [RATE_BANDS]: bands }) => bands!.hidden!.strength)
    expect(strengths.slice(0, 2)).toEqual([0.01, 0.01])
    expect(new Set(strengths).size).toBeGreaterThan(10)
    for (const { [RATE_BANDS]: bands } of steps) expect(bands).toMatchObject({ hidden: { low: 0, high: 1 } })
    for (const { spikeBudget, diagnosis } of epochs) {
      expect(Object.keys(spikeBudget!)).toEqual(['hidden'])
      expect(spikeBudget!.hidden).toMatchObject({ target: 1, spikes: diagnosis!.layers.hidden!.spikes })
    }
    // The first step of an epoch is the one behind the last step of the epoch before.
    expect(epochs[1]!.spikeBudget!.hidden!.strength).toBe(strengths[10])
  })

  test('has the same bits on every placement, whether or not steps overlap, and links', async () => {
    const run = async (session: Session) => {
      await using running = session
      const noted = noting(running)
      return {
        epochs: await collect(train(noted.session, task, OPTIONS)),
        state: await running.save(),
        steps: noted.steps,
      }
    }
    const whole = await run(await open(task.network, { seed: 5 }))
    for (const cores of [2, 3]) {
      const placement = placeOnCores(task.network, cores)
      const spread = await open(task.network, { seed: 5, placement })
      expect(spread.trainAhead).toBeDefined()
      expect(await run(spread)).toStrictEqual(whole)
      expect(await run(await openLinked(task.network, placement, { seed: 5 }))).toStrictEqual(whole)
    }
    const { trainAhead: _, ...alone } = await open(task.network, { seed: 5 })
    expect(await run(alone)).toStrictEqual(whole)
  })

  test('does the same on a grid of time', async () => {
    const spikesWith = async (options: Partial<TrainOptions>) => {
      await using opened = openSurrogate(task.network, { seed: 5, dt: 0.5 })
      const { session, steps } = noting(opened)
      const learn = { learn: ['weights', 'delays', 'thresholds'], epochs: 30 } as const
      const { spikeBudget: _, ...plain } = OPTIONS
      const epochs = await collect(train(session, task, { ...plain, ...learn, ...options }))
      const strengths = steps.map(({ [RATE_BANDS]: bands }) => bands?.hidden?.strength)
      return { strengths, epochs, last: epochs.at(-1)!.diagnosis!.layers.hidden!.spikes! }
    }
    const free = await spikesWith({})
    const target = 0.75 * free.last
    const held = await spikesWith({ spikeBudget: { hidden: { target, high: 0, gain: 0.2, start: 0.02 } } })
    expect(held.strengths.slice(0, 2)).toEqual([0.02, 0.02])
    expect(held.strengths.at(-1)).not.toBe(0.02)
    expect(Math.abs(held.last / target - 1)).toBeLessThan(0.05)
    expect(held.epochs.at(-1)!.spikeBudget!.hidden).toMatchObject({ target, spikes: held.last })
  })

  test('goes on from any point with the same bits', async () => {
    await using session = await open(task.network, { seed: 5, placement: placeOnCores(task.network, 2) })
    const moments: { readonly point: TrainingPoint; readonly state: Awaited<ReturnType<Session['save']>> }[] = []
    const afterStep: TrainOptions['afterStep'] = async (point) =>
      void moments.push({ point: point(), state: await session.save() })
    const points: TrainingPoint[] = []
    const whole = await collect(train(session, task, { ...OPTIONS, afterStep, onEpoch: (point) => points.push(point) }))
    const end = await session.save()
    expect(points.map(({ budgets }) => budgets)).toEqual([4, 9, 14].map((k) => moments[k]!.point.budgets))
    for (const { point, state } of moments.filter((__, k) => isLong() || k % 4 === 1)) {
      await using later = await open(task.network, { seed: 5 })
      await later.restore(state)
      expect(await collect(train(later, task, { ...OPTIONS, from: point }))).toStrictEqual(whole.slice(point.epoch - 1))
      expect(await later.save()).toStrictEqual(end)
    }
  })

  test('begins anew where a point says nothing of budgets', async () => {
    await using session = await open(task.network, { seed: 5 })
    const { session: noted, steps } = noting(session)
    const points: TrainingPoint[] = []
    const { spikeBudget: _, ...plain } = OPTIONS
    await collect(train(noted, task, { ...plain, epochs: 1, onEpoch: (point) => points.push(point) }))
    expect(points[0]).not.toHaveProperty('budgets')
    expect(Object.hasOwn(steps[0]!, RATE_BANDS)).toBe(false)
    await collect(train(noted, task, { ...OPTIONS, from: points[0]! }))
    expect(steps[5]![RATE_BANDS]!.hidden!.strength).toBe(0.01)
  })

  test.each([
    [{ hidden: [1, 2] }, 'FIELD_TYPE', 'from.budgets.hidden'],
    [{ hidden: Float64Array.of(1) }, 'SHAPE_MISMATCH', 'from.budgets.hidden'],
    [{ hidden: Float64Array.of(1, Number.NaN) }, 'TRAIN_OPTION', 'from.budgets.hidden'],
    [3, 'FIELD_TYPE', 'from.budgets'],
  ])('is refused from a point with %j', async (budgets, code, field) => {
    await using session = await open(task.network)
    const points: TrainingPoint[] = []
    await collect(train(session, task, { ...OPTIONS, epochs: 1, onEpoch: (point) => points.push(point) }))
    const from = { ...points[0]!, budgets: budgets as never }
    expect(() => train(session, task, { ...OPTIONS, from })).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ field }) }),
    )
  })

  test('is refused by a session that counts no spikes', async () => {
    const race = raceTask({ train: 8, validation: 2 })
    const spikeBudget = { output: { target: 1 } }
    const options = { optimizer: adam({ learningRate: 0.02 }), epochs: 1, spikeBudget }
    await expect(collect(train(openLinearRace(), race, options))).rejects.toThrow(
      expect.objectContaining({ code: 'SPIKES_NOT_COUNTED', details: { group: 'output' } }),
    )
  })
})
