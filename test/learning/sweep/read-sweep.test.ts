import { describe, expect, test } from 'vitest'
import { isVaried, readSweep } from '../../../src/learning/sweep/read-sweep.js'
import { MOST_SOBOL_DIMENSIONS } from '../../../src/numerics/sobol.js'

const GRID = { base: 'yin-yang', sampler: 'grid', vary: { 'training.batch': { values: [8, 16] } } }
const DRAWN = {
  ...{ base: 'yin-yang', sampler: 'random', runs: 4 },
  vary: { 'training.optimizer.learningRate': { logUniform: [1e-4, 1e-2] }, 'training.batch': { integer: [8, 64] } },
}
const read = (sweep: object) => readSweep(JSON.stringify(sweep), 's.json')
const vary = (variation: unknown, path = 'training.batch') => ({ ...DRAWN, vary: { [path]: variation } })

describe('the file of a sweep', () => {
  test('has defaults for what it may leave out', () => {
    expect(read(GRID)).toEqual({ ...GRID, seed: 0, seeds: 1, objective: 'validationAccuracy' })
    const whole = { ...DRAWN, task: 'mine.js', seed: 3, seeds: 2, objective: 'hiddenSpikes' }
    expect(read({ ...whole, halving: { rungs: [5, 15], keep: 0.33 } })).toMatchObject(whole)
  })

  test('tells which fields are varied, also within records', () => {
    const sweep = read(vary({ values: [{}] }, 'training.rates'))
    expect(isVaried(sweep, 'training.rates.weights')).toBe(true)
    expect(isVaried(sweep, 'training.rate')).toBe(false)
  })

  const many = Object.fromEntries(
    Array.from({ length: MOST_SOBOL_DIMENSIONS + 1 }, (_, k) => [`data.x${k}`, { uniform: [0, 1] }]),
  )
  test.each([
    ['no preset', { ...GRID, base: undefined }, 'base', 'FIELD_MISSING'],
    ['a field that is unknown', { ...GRID, sampeler: 'grid' }, 'sampeler', 'FIELD_UNKNOWN'],
    ['another sampler', { ...GRID, sampler: 'bayes' }, 'sampler', 'OPTION_OUT_OF_RANGE'],
    ['another objective', { ...GRID, objective: 'testAccuracy' }, 'objective', 'OPTION_OUT_OF_RANGE'],
    ['nothing that is varied', { ...GRID, vary: {} }, 'vary', 'SWEEP_INVALID'],
    [
      'an empty grid',
      { ...GRID, vary: { 'training.batch': { values: [] } } },
      'vary.training.batch.values',
      'SWEEP_INVALID',
    ],
    [
      'a value twice',
      { ...GRID, vary: { 'training.batch': { values: [8, 16, 8] } } },
      'vary.training.batch.values',
      'SWEEP_INVALID',
    ],
    ['a range under a grid', { ...GRID, vary: { 'data.x': { uniform: [0, 1] } } }, 'vary.data.x', 'SWEEP_INVALID'],
    ['a number of runs of a grid', { ...GRID, runs: 2 }, 'runs', 'SWEEP_INVALID'],
    ['no number of runs otherwise', { ...DRAWN, runs: undefined }, 'runs', 'SWEEP_INVALID'],
    ['too many runs', { ...DRAWN, runs: 1e6 }, 'runs', 'SWEEP_INVALID'],
    ['runs that are no number', { ...DRAWN, runs: 0 }, 'runs', 'OPTION_OUT_OF_RANGE'],
    ['an unknown way to vary', vary({ logUnifrom: [1, 2] }), 'vary.training.batch.logUnifrom', 'SWEEP_INVALID'],
    ['two ways to vary', vary({ values: [1], integer: [1, 2] }), 'vary.training.batch', 'SWEEP_INVALID'],
    ['no way to vary', vary({}), 'vary.training.batch', 'SWEEP_INVALID'],
    ['a range that falls', vary({ uniform: [2, 1] }), 'vary.training.batch.uniform', 'SWEEP_INVALID'],
    ['one end of a range', vary({ uniform: [2] }), 'vary.training.batch.uniform', 'SHAPE_MISMATCH'],
    ['a logarithm of zero', vary({ logUniform: [0, 1] }), 'vary.training.batch.logUniform[0]', 'OPTION_OUT_OF_RANGE'],
    ['half an integer', vary({ integer: [0.5, 3] }), 'vary.training.batch.integer[0]', 'OPTION_OUT_OF_RANGE'],
    ['a path of one name', vary({ values: [1] }, 'batch'), 'vary.batch', 'SWEEP_INVALID'],
    ['a path with a hole', vary({ values: [1] }, 'training..batch'), 'vary.training..batch', 'SWEEP_INVALID'],
    ['a path of another part', vary({ values: [1] }, 'trainings.batch'), 'vary.trainings.batch', 'SWEEP_INVALID'],
    [
      'a path within another',
      { ...GRID, vary: { 'training.rates': { values: [{}] }, 'training.rates.weights': { values: [1] } } },
      'vary.training.rates.weights',
      'SWEEP_INVALID',
    ],
    ['more paths than Sobol has', { ...DRAWN, sampler: 'sobol', vary: many }, 'vary', 'SWEEP_INVALID'],
    ['one rung', { ...GRID, halving: { rungs: [5], keep: 0.5 } }, 'halving.rungs', 'SWEEP_INVALID'],
    ['rungs that fall', { ...GRID, halving: { rungs: [5, 5], keep: 0.5 } }, 'halving.rungs[1]', 'SWEEP_INVALID'],
    ['all that is kept', { ...GRID, halving: { rungs: [5, 9], keep: 1 } }, 'halving.keep', 'OPTION_OUT_OF_RANGE'],
    [
      'epochs beside rungs',
      { ...GRID, vary: { 'training.epochs': { values: [1] } }, halving: { rungs: [1, 2], keep: 0.5 } },
      'vary.training.epochs',
      'SWEEP_INVALID',
    ],
  ] as const)('is refused with %s', (_, sweep, field, code) => {
    expect(() => read(sweep)).toThrow(
      expect.objectContaining({ code, mistake: expect.objectContaining({ file: 's.json', field }) }),
    )
  })

  test('names what was probably meant', () => {
    expect(() => read(vary({ logUnifrom: [1, 2] }))).toThrow('logUniform')
    expect(() => read(vary({ values: [1] }, 'trainnig.batch'))).toThrow('Did you mean "training"')
  })
})
