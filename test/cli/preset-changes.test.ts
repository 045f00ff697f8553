import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatChange, inTermsOfChanges, isChanged, joinChanges, withChanges } from '../../src/cli/preset-changes.js'
import { InputError } from '../../src/events/errors.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { TINY_PRESET } from './tiny-training.js'

const TEXT = JSON.stringify(TINY_PRESET)
const changed = (...set: string[]): typeof TINY_PRESET => JSON.parse(withChanges(TEXT, { set }))

describe('fields of a preset that are changed', () => {
  test('are replaced, and made where they are not', () => {
    expect(withChanges(TEXT, {})).toBe(TEXT)
    expect(changed('training.batch=3', 'data.sizes.train=24', 'network.hidden=[4,5]')).toEqual({
      ...TINY_PRESET,
      network: { hidden: [4, 5] },
      data: { ...TINY_PRESET.data, sizes: { train: 24, validation: 3, test: 3 } },
      training: { ...TINY_PRESET.training, batch: 3 },
    })
    expect(changed('training.decay.weights=0.1').training).toMatchObject({ decay: { weights: 0.1 } })
  })

  test('may be words without quotation marks, and hold what stands behind the first =', () => {
    expect(changed('training.optimizer.kind=sgd').training.optimizer.kind).toBe('sgd')
    expect(changed('data.note=a=b').data).toMatchObject({ note: 'a=b' })
  })

  test('are what they were formatted from', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written: unknown = JSON.parse(JSON.stringify(value))
        expect(changed(formatChange('network.hidden', value)).network.hidden).toEqual(written)
      }),
    )
  })

  test('of the learning rate take those of single kinds along, unless these are changed, too', () => {
    const rates = { weights: 0.02, delays: 0.5 }
    const text = JSON.stringify({ ...TINY_PRESET, training: { ...TINY_PRESET.training, rates } })
    const ratesAfter = (...set: string[]) => JSON.parse(withChanges(text, { set })).training.rates
    const half = 'training.optimizer.learningRate=0.005'
    expect(ratesAfter(half)).toEqual({ weights: 0.01, delays: 0.25 })
    expect(ratesAfter('training.rates.delays=0.4', half)).toEqual({ weights: 0.01, delays: 0.4 })
    expect(ratesAfter(half, 'training.rates={}')).toEqual({})
    expect(ratesAfter('training.optimizer.learningRate=fast')).toEqual(rates)
  })

  test('never reach what every object inherits', () => {
    const made = changed('training.__proto__.batch=3', 'training.constructor.name=3') as object
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect(JSON.stringify(made)).toContain('"__proto__":{"batch":3},"constructor":{"name":3}')
    expect({}).not.toHaveProperty('batch')
  })

  test.each([
    ['a path through a number', 'training.batch.size=3', 'training.batch of the preset is none'],
    ['a path through a list', 'network.hidden.0=3', 'network.hidden of the preset is none'],
  ])('%s is refused', (_, change, words) => {
    expect(() => changed(change)).toThrow(words)
  })

  test('are joined with later ones, which win over them and over what lies within', () => {
    const earlier = { set: ['training.batch=3', 'training.rates.weights=1', 'training.epochs=2'] }
    const later = { set: ['training.rates={}', 'training.batch=6'] }
    expect(joinChanges(earlier, later)).toEqual({ set: ['training.epochs=2', 'training.rates={}', 'training.batch=6'] })
    expect(joinChanges({}, {})).toEqual({})
    expect(isChanged(later, 'training.rates.weights')).toBe(true)
    expect(isChanged(later, 'training.ratesOfOthers')).toBe(false)
  })

  test('name their flag in errors of readers, and nothing else does', () => {
    const fails = (field: string) => () => {
      throw new InputError({ code: 'FIELD_TYPE', file: 'p.json', field, found: 'x', expected: 'y' })
    }
    const read = (field: string) => () => inTermsOfChanges({ set: ['training.rates.weights=x'] }, fails(field))
    expect(read('training.rates.weights')).toThrow(/^--set training\.rates\.weights: found x/)
    expect(read('training.rates')).toThrow(/^--set training\.rates\.weights: found x/)
    expect(read('training.rates.delays')).toThrow(/^p\.json: training\.rates\.delays: found x/)
  })
})

describe('the flag --set', () => {
  const refused = async (...set: string[]) => {
    using files = createWorkingFolder()
    const preset = files.write('tiny.json', TINY_PRESET)
    const { code, out, err } = await run('train', 'temporal-patterns', '--preset', preset, '--json', ...set)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    return jsonLines(err)[0]?.error
  }

  test.each([
    [['--set', 'training.batch'], { code: 'FLAG_VALUE', expected: expect.stringContaining('PATH=VALUE') }],
    [['--set', 'batch=3'], { code: 'FLAG_VALUE' }],
    [['--set', 'trainings.batch=3'], { code: 'FLAG_VALUE', remedy: expect.stringContaining('training') }],
    [['--set', 'training..batch=3'], { code: 'FLAG_VALUE' }],
    [['--set', 'training.batch=3', 'training.batch=4'], { code: 'FLAG_VALUE' }],
    [['--set', 'training.batch=3', '--set', 'training.batch=4'], { code: 'FLAG_VALUE' }],
    [['--set', 'training.bach=3'], { code: 'FIELD_UNKNOWN', remedy: expect.stringContaining('batch') }],
    [['--set', 'training.batch=0'], { code: 'OPTION_OUT_OF_RANGE', field: '--set training.batch' }],
    [['--set', 'training.optimizer.learningRate=-1'], { field: '--set training.optimizer.learningRate' }],
  ] as const)('with %j is refused by its path', async (set, error) => {
    expect(await refused(...set)).toMatchObject(error)
  })

  test('says what a file with these values says, also to those that go on with the run', async () => {
    using files = createWorkingFolder()
    const written = {
      ...TINY_PRESET,
      network: { hidden: [4] },
      training: { ...TINY_PRESET.training, optimizer: { kind: 'adam', learningRate: 0.02 } },
    }
    const [tiny, other] = [files.write('tiny.json', TINY_PRESET), files.write('other.json', written)]
    const train = async (name: string, ...more: string[]) => {
      const { code, out, err } = await run('train', 'temporal-patterns', '--name', name, '--json', ...more)
      expect(code, err).toBe(0)
      return jsonLines(out).at(-1)?.digest
    }
    const set = ['--set', 'network.hidden=[4]', 'training.optimizer.learningRate=0.02']
    const digest = await train('set', '--preset', tiny, ...set)
    expect(digest).toBe(await train('file', '--preset', other))
    expect(digest).not.toBe(await train('plain', '--preset', tiny))
    const evaluate = async (name: string) => {
      const { code, out, err } = await run('evaluate', `runs/${name}`, '--json')
      expect(code, err).toBe(0)
      return jsonLines(out)
    }
    expect(await evaluate('set')).toEqual(await evaluate('file'))
  })
})
