import { describe, expect, test } from 'vitest'
import { seedList } from '../../../../src/cli/train/train-command.js'
import { lossChoice } from '../../../../src/learning/options/loss-choice.js'
import { easingOf, scheduleOf } from '../../../../src/learning/options/schedule-forms.js'
import { budgetPerGroup, numberPerName, rangePerName } from '../../../../src/learning/options/value-forms.js'
import { constantRate, cosineDecay, decayTo, exponentialDecay } from '../../../../src/learning/schedules.js'

const refused = (flag: string) =>
  expect.objectContaining({ code: 'FLAG_VALUE', mistake: expect.objectContaining({ field: flag }) })

describe('numbers per name', () => {
  const decay = numberPerName('--decay', ['weights', 'delays'], 'from 0')
  const rates = numberPerName('--rates', ['weights', 'delays'], 'above 0')

  test('are read', () => {
    expect(decay('weights:1e-4,delays:0')).toEqual({ weights: 1e-4, delays: 0 })
    expect(decay(' delays:0.5 ')).toEqual({ delays: 0.5 })
    expect(rates('weights:2')).toEqual({ weights: 2 })
  })

  test.each([
    '',
    'weights',
    'weights:',
    'weights:x',
    'weights:-1',
    'weights:1e999',
    'weight:1',
    'weights:1:2',
    'weights:1,weights:2',
    'weights:1,,',
  ])('are refused: %j', (text) => {
    expect(() => decay(text)).toThrow(refused('--decay'))
  })

  test('that vanish are refused where they mean nothing', () => {
    expect(() => rates('weights:0')).toThrow(refused('--rates'))
  })
})

describe('ranges per name', () => {
  const bounds = rangePerName('--bounds', ['delays', 'thresholds'])

  test('are read, also with open ends', () => {
    expect(bounds('delays:0:20,thresholds:0.5:')).toEqual({ delays: [0, 20], thresholds: [0.5, Infinity] })
    expect(bounds('thresholds::3')).toEqual({ thresholds: [-Infinity, 3] })
  })

  test.each(['delays', 'delays:1', 'delays:2:1', 'delays:a:1', 'delays:0:1:2', 'weights:0:1', 'delays:0:1,delays:0:2'])(
    'are refused: %j',
    (text) => {
      expect(() => bounds(text)).toThrow(refused('--bounds'))
    },
  )
})

describe('budgets per group', () => {
  const budgets = budgetPerGroup('--spike-budget')

  test('are read, also with the count from which neurons are pushed back', () => {
    expect(budgets('hidden:1.5')).toEqual({ hidden: { target: 1.5 } })
    expect(budgets('hidden1:1.5:4, hidden2:2:0')).toEqual({
      hidden1: { target: 1.5, high: 4 },
      hidden2: { target: 2, high: 0 },
    })
  })

  test.each([
    '',
    'hidden',
    '1.5',
    'hidden:0',
    ':1',
    'hidden:x',
    'hidden:1:-1',
    'hidden:1:1e999',
    'hidden:1:2:3',
    'a:1,a:2',
  ])('are refused: %j', (text) => {
    expect(() => budgets(text)).toThrow(refused('--spike-budget'))
  })
})

describe('a schedule', () => {
  const schedule = scheduleOf('--schedule')

  test.each([
    ['constant', constantRate()],
    ['exponential:0.69', exponentialDecay(0.69)],
    ['decayTo:0.02', decayTo(0.02)],
    ['cosine', cosineDecay()],
    ['cosine:0.1', cosineDecay(0.1)],
  ])('is read: %s', (text, value) => {
    expect(schedule(text)).toEqual(value)
  })

  test.each([
    '',
    'constant:1',
    'exponential',
    'exponential:0',
    'decayTo:x',
    'decayTo:1:2',
    'cosine:2',
    'cosine:-1',
    'linear:1',
  ])('is refused: %j', (text) => {
    expect(() => schedule(text)).toThrow(refused('--schedule'))
  })
})

describe('how a rate is eased in', () => {
  const easing = easingOf('--ease-in')

  test('is a factor, and perhaps a share', () => {
    expect(easing('1.05')).toEqual({ factor: 1.05 })
    expect(easing('2:0.5')).toEqual({ factor: 2, start: 0.5 })
  })

  test.each(['', '1', '0.5', 'x', '1e999', '1.05:0', '1.05:2', '1.05:x', '1.05:0.1:1'])('is refused: %j', (text) => {
    expect(() => easing(text)).toThrow(refused('--ease-in'))
  })
})

describe('a loss', () => {
  test('is its kind and its numbers', () => {
    expect(lossChoice('spikeCount')).toEqual({ kind: 'spikeCount' })
    expect(lossChoice('vMax:smoothing=0.1')).toEqual({ kind: 'vMax', smoothing: 0.1 })
    expect(lossChoice('firstSpike:tau0=0.4,alpha=0')).toEqual({ kind: 'firstSpike', tau0: 0.4, alpha: 0 })
  })

  test.each([
    '',
    ':tau=1',
    'spikeCount:',
    'spikeCount:tau',
    'spikeCount:tau=x',
    'spikeCount:tau=1:2',
    'spikeCount:tau=1,tau=1',
  ])('is refused: %j', (text) => {
    expect(() => lossChoice(text)).toThrow(refused('--loss'))
  })
})

describe('seeds', () => {
  const seeds = seedList('--seeds')

  test('are a range or a list', () => {
    expect(seeds('1..5')).toEqual([1, 2, 3, 4, 5])
    expect(seeds('7..7')).toEqual([7])
    expect(seeds('1,3,7')).toEqual([1, 3, 7])
    expect(seeds('0')).toEqual([0])
  })

  test.each(['', '5..1', '1..', '1..1001', '1...3', '-1..2', '1,1', '1,x', '9007199254740991..9007199254740993'])(
    'are refused: %j',
    (text) => {
      expect(() => seeds(text)).toThrow(refused('--seeds'))
    },
  )
})
