import { describe, expect, test } from 'vitest'
import { drawSettings, type SweepOptions, type SweepRun, type SweepStep, sweep } from '../../../src/index.js'

interface Values {
  readonly rate: number
}

type Options = Partial<SweepOptions<Values, number>>
type Run = SweepRun<Values>

const RATES = [3, 1, 4, 2].map((rate) => ({ rate }))
/** Trainings whose objective is the rate, and which have been begun. */
const trainings = () => {
  const begun: Run[] = []
  const train = async (run: Run) => {
    begun.push(run)
    return run.values.rate
  }
  return { begun, train }
}

async function stepsOf(options: Options, settings: readonly Values[] = RATES) {
  const steps: SweepStep<Values, number>[] = []
  const all = { train: trainings().train, objective: (rate: number) => rate, ...options }
  for await (const step of sweep(settings, all)) steps.push(step)
  return steps
}

const rankedBy = (steps: readonly SweepStep<Values, number>[]) => {
  const last = steps.at(-1)
  return last?.kind === 'ranking' ? last.ranked.map(({ setting }) => setting) : null
}

describe('a sweep of the library', () => {
  test('trains every setting with every seed, in order, and ranks them', async () => {
    const { begun, train } = trainings()
    const steps = await stepsOf({ train, seeds: 2 })
    const runs = RATES.flatMap((values, setting) => [1, 2].map((seed) => ({ setting, values, seed, epochs: null })))
    expect(begun).toEqual(runs)
    expect(steps.slice(0, -1)).toEqual(runs.map((run) => ({ kind: 'result', run, result: run.values.rate })))
    expect(rankedBy(steps)).toEqual([2, 0, 3, 1])
    expect(rankedBy(await stepsOf({ better: 'least' }))).toEqual([1, 3, 0, 2])
  })

  test('comes to the same steps with trainings at the same time, whichever ends first', async () => {
    const late = async ({ values, seed }: Run) => {
      for (let turn = 0; turn < 5 * values.rate - seed; turn++) await null
      return values.rate + seed
    }
    const halving = { rungs: [1, 2], keep: 0.5 }
    const one = await stepsOf({ train: late, seeds: 3, halving })
    expect(await stepsOf({ train: late, seeds: 3, halving, parallel: 4 })).toEqual(one)
  })

  test('trains the best for the epochs of the next rung', async () => {
    const { begun, train } = trainings()
    const steps = await stepsOf({ train, halving: { rungs: [5, 15, 45], keep: 0.5 } })
    expect(steps.filter(({ kind }) => kind === 'promotion')).toEqual([
      { kind: 'promotion', rung: 1, epochs: 15, settings: [0, 2] },
      { kind: 'promotion', rung: 2, epochs: 45, settings: [2] },
    ])
    expect(begun.map(({ setting, epochs }) => [setting, epochs])).toEqual([
      ...[0, 1, 2, 3].map((setting) => [setting, 5]),
      ...[0, 2].map((setting) => [setting, 15]),
      [2, 45],
    ])
    expect(rankedBy(steps)).toEqual([2])
  })

  test('gives a setting up that fails with one seed, or has no objective, and goes on with the rest', async () => {
    const picky = async ({ values, seed }: Run) => {
      if (values.rate === 4 && seed === 2) throw new Error('four is too many')
      return values.rate
    }
    const steps = await stepsOf({ train: picky, seeds: 2, objective: (rate) => (rate === 3 ? null : rate) })
    expect(steps.filter(({ kind }) => kind === 'failure')).toEqual([
      { kind: 'failure', run: expect.objectContaining({ setting: 2, seed: 2 }), error: new Error('four is too many') },
    ])
    const last = steps.at(-1)
    expect(last?.kind === 'ranking' && last.ranked.map(({ setting, objective }) => [setting, objective?.mean])).toEqual(
      [
        [3, 2],
        [1, 1],
        [0, undefined],
        [2, undefined],
      ],
    )
  })

  test('takes no number that is none for an objective', async () => {
    expect(rankedBy(await stepsOf({ objective: (rate) => (rate === 4 ? Number.NaN : rate) }))?.at(-1)).toBe(2)
  })

  test('ends what is under way where its signal says so, or the loop is left', async () => {
    const controller = new AbortController()
    const waiting: number[] = []
    const train = async ({ setting }: Run, signal: AbortSignal) => {
      if (setting === 0) return 0
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      waiting.push(setting)
      throw new Error('not heard of')
    }
    const objective = (rate: number) => {
      controller.abort(new Error('enough'))
      return rate
    }
    await expect(stepsOf({ train, objective, parallel: 2, signal: controller.signal })).rejects.toThrow('enough')
    expect(waiting).toContain(1)
    expect(waiting).not.toContain(3)
    waiting.length = 0
    for await (const _ of sweep(RATES, { train, objective: (rate) => rate, parallel: 2 })) break
    expect(waiting).toContain(1)
    expect(waiting).not.toContain(3)
  })

  test('refuses no settings, and options that are none', async () => {
    await expect(stepsOf({}, [])).rejects.toMatchObject({ code: 'SETTINGS_EMPTY' })
    await expect(stepsOf({ seeds: 0 })).rejects.toMatchObject({ mistake: { field: 'options.seeds' } })
    await expect(stepsOf({ halving: { rungs: [3], keep: 0.5 } })).rejects.toMatchObject({
      mistake: { field: 'options.halving.rungs' },
    })
  })
})

describe('settings of the library', () => {
  test('are records of values, which follow from the seed', () => {
    const vary = { rate: { logUniform: [1e-4, 1e-2] }, hidden: { integer: [30, 32] } } as const
    const drawn = drawSettings({ vary, sampler: 'sobol', runs: 8 })
    expect(drawn).toHaveLength(8)
    for (const { rate, hidden } of drawn) {
      expect(rate).toBeGreaterThanOrEqual(1e-4)
      expect(rate).toBeLessThanOrEqual(1e-2)
      expect([30, 31, 32]).toContain(hidden)
    }
    expect(drawSettings({ vary, sampler: 'sobol', runs: 8, seed: 0 })).toEqual(drawn)
    expect(drawSettings({ vary, sampler: 'sobol', runs: 8, seed: 1 })).not.toEqual(drawn)
    expect(drawSettings({ vary: { rate: { values: [1, 2] }, learn: { values: [[]] } }, sampler: 'grid' })).toEqual([
      { rate: 1, learn: [] },
      { rate: 2, learn: [] },
    ])
  })
})
