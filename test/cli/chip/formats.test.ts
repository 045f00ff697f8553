import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FormatAccuracies } from '../../../src/cli/evaluate/evaluate-formats.js'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { createWorkingFolder, type Files, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

let files: Files
let preset = ''

beforeAll(async () => {
  files = createWorkingFolder()
  preset = files.write('tiny.json', {
    ...TINY_PRESET,
    data: { ...TINY_PRESET.data, sizes: { train: 12, validation: 3, test: 40 } },
    training: { ...TINY_PRESET.training, optimizer: { kind: 'adam', learningRate: 0.1 } },
  })
  const { code, err } = await train('--name', 'on-loihi', '--chip', 'loihi', '--checkpoint', 'kept')
  expect({ code, err }).toEqual({ code: 0, err: '' })
})
afterAll(() => files[Symbol.dispose]())

const COMMON = () => ['--preset', preset, '--seed', '3', '--json']
const train = (...flags: string[]) => run('train', 'temporal-patterns', ...COMMON(), ...flags)
const evaluate = (path: string, ...flags: string[]) =>
  run('evaluate', path, '--task', 'temporal-patterns', ...COMMON(), ...flags)

const LOIHI = {
  chip: 'loihi',
  applied: ['weights', 'delays', 'ticks'],
  notApplied: [{ format: 'thresholds', why: 'unknown' }],
}

describe('a run in the formats of a chip', () => {
  test('says which they are, and keeps them', () => {
    const record = JSON.parse(readFileSync('runs/on-loihi/run.json', 'utf8'))
    expect(record.formats).toEqual(LOIHI)
    expect(record.noise).toMatchObject({ weightLevels: 511, delayStep: 1, delayMin: 1, delayMax: 62, tick: 1 })
    expect(record.identity.formats).toBe(
      'the formats of loihi: weights, delays, ticks; not applied: thresholds (unknown)',
    )
    const last = jsonLines(readFileSync('runs/on-loihi/metrics.jsonl', 'utf8')).at(-1)
    expect(last?.formats).toEqual(LOIHI)
  })

  test('is measured as it was trained, once, with what each format takes from it', async () => {
    const last = jsonLines(readFileSync('runs/on-loihi/metrics.jsonl', 'utf8')).at(-1)
    const { code, out, err } = await evaluate('runs/on-loihi', '--chip', 'loihi')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [draw, summary, ...more] = jsonLines(out)
    expect(more).toEqual([])
    expect(draw?.accuracy).toBe(last?.testAccuracy)
    expect(summary).toMatchObject({ done: true, draws: 1, formats: LOIHI, accuracy: { mean: draw?.accuracy } })
    const { accuracy, lost } = (summary as { formats: FormatAccuracies }).formats
    expect(accuracy.together).toBe(draw?.accuracy)
    expect(Object.keys(accuracy.alone)).toEqual(['weights', 'delays', 'ticks'])
    expect(lost.together).toBe(accuracy.exact - accuracy.together)
    expect(lost.alone.ticks).toBe(accuracy.exact - (accuracy.alone.ticks as number))
    const [exact] = jsonLines((await evaluate('runs/on-loihi')).out)
    expect(accuracy.exact).toBe(exact?.accuracy)
    const spread = await evaluate('runs/on-loihi', '--chip', 'loihi', '--cores', '2', '--transport', 'local')
    expect(spread.out).toBe(out)
  })

  test('is told as a table', async () => {
    const argv = ['evaluate', 'runs/on-loihi', '--task', 'temporal-patterns', '--preset', preset, '--chip', 'loihi']
    const { out } = await run(...argv)
    expect(out).toContain('formats of loihi')
    for (const line of ['exact', 'weights alone', 'delays alone', 'ticks alone', 'all together'])
      expect(out).toContain(`\n${line}`)
    expect(out).toContain(
      'accuracy with the formats of loihi: weights, delays, ticks; not applied: thresholds (unknown)\n',
    )
  })

  test('goes on with the same formats only', async () => {
    const { code, err } = await train('--chip', 'spinnaker', '--checkpoint', 'kept', '--resume')
    expect(code).toBe(2)
    expect(err).toContain('the formats of loihi')
    expect(err).toContain('the formats of spinnaker')
    const without = await train('--checkpoint', 'kept', '--resume')
    expect(without.err).toContain('the formats of loihi')
    expect(without.code).toBe(2)
  })

  test('tells people before it begins and when it is done', async () => {
    const argv = ['train', 'temporal-patterns', '--preset', preset, '--chip', 'loihi', '--name', 'in-words']
    const { out, err } = await run(...argv)
    expect(err).toContain('With the formats of loihi: weights, delays, ticks; not applied: thresholds (unknown).\n')
    expect(out).toContain('with the formats of loihi: weights, delays, ticks; not applied: thresholds (unknown)\n')
  })

  test('may be one of several', async () => {
    const argv = ['train', 'temporal-patterns', '--preset', preset, '--chip', 'truenorth', '--name', 'some']
    const { code, out } = await run(...argv, '--seeds', '1,2')
    expect(code).toBe(0)
    expect(out).toContain('9-bit weights, not the four per neuron')
    const record = JSON.parse(readFileSync('runs/some/seed-2/run.json', 'utf8'))
    expect(record.formats.chip).toBe('truenorth')
  })
})

describe('formats of a chip beside noise', () => {
  test('are one device, measured as often as chance wants', async () => {
    const { code, out } = await evaluate('runs/on-loihi', '--chip', 'loihi', '--noise', 'jitter=0.5,weightRange=2')
    expect(code).toBe(0)
    const lines = jsonLines(out)
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)?.noise).toMatchObject({ jitter: 0.5, weightRange: 2, weightLevels: 511, tick: 1 })
  })

  test.each([
    ['weightBits=4', 'weightBits=4', 'weightLevels=511'],
    ['delayMax=3', 'delayMax=3', 'delayMax=62'],
    ['tick=2', 'tick=2', 'tick=1'],
  ])('are refused where %s says the same', async (noise, found, other) => {
    for (const result of [
      await evaluate('runs/on-loihi', '--chip', 'loihi', '--noise', noise),
      await train('--chip', 'loihi', '--noise', noise),
    ]) {
      expect(result.code).toBe(2)
      expect(result.err).toContain('FLAG_CONFLICT')
      expect(result.err).toContain(found)
      expect(result.err).toContain(other)
    }
  })
})

test('projections that a device has no weight for are told, and measured', async () => {
  const coarse = ['--noise', 'weightBits=2,weightRange=1e6']
  const { code, out, err } = await evaluate('runs/on-loihi', ...coarse)
  expect(code).toBe(0)
  expect(jsonLines(err)).toContainEqual({
    warning: { code: 'WEIGHTS_ZERO', message: expect.stringContaining('every weight of input->hidden becomes 0') },
  })
  expect(jsonLines(out)[0]).toMatchObject({ silentFraction: 1 })
  const trained = await train(...coarse, '--name', 'coarse')
  expect(trained.code).toBe(0)
  expect(trained.err).toContain('WEIGHTS_ZERO')
})

test('a chip of which nothing is known changes nothing', async () => {
  const [draw, summary] = jsonLines((await evaluate('runs/on-loihi', '--chip', 'mesh:2x2')).out)
  const [exact] = jsonLines((await evaluate('runs/on-loihi')).out)
  expect(draw?.loss).toBe(exact?.loss)
  expect(summary?.formats).toMatchObject({ applied: [], accuracy: { alone: {}, together: exact?.accuracy } })
})

describe('the noise of a chip', () => {
  const ON_CHIP = ['--chip', 'brainscales2', '--noise']

  test('is that of its profile, with settings in the place of some of it', async () => {
    const { code, out, err } = await evaluate('runs/on-loihi', ...ON_CHIP, 'profile,seed=3,thresholdMismatch=0.04')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = jsonLines(out)
    expect(lines).toHaveLength(11)
    expect(lines[0]?.noiseSeed).toBe(3)
    const { noise, formats } = lines.at(-1) as Record<'noise' | 'formats', Record<string, unknown>>
    expect(noise).toMatchObject({ seed: 3, thresholdMismatch: 0.04, jitter: 0.05, weightLevels: 127, delayMax: 0 })
    expect(formats).toMatchObject({ noise: ['jitter'], settings: ['seed=3', 'thresholdMismatch=0.04'] })
  })

  test('is told, and kept', async () => {
    const flags = ['--learn', 'weights', '--name', 'noisy', ...ON_CHIP, 'profile']
    const { code } = await train(...flags)
    expect(code).toBe(0)
    const record = JSON.parse(readFileSync('runs/noisy/run.json', 'utf8'))
    expect(record.noise).toMatchObject({ thresholdMismatch: 0.08, jitter: 0.05 })
    expect(record.identity.formats).toContain('noise of the profile: thresholdMismatch, jitter')
  })

  test.each([
    [['--noise', 'profile'], 'FLAG_CONFLICT', '--chip'],
    [['--noise', 'profile', '--chip', 'loihi'], 'CHIP_NOISE', 'loihi'],
    [['--noise', './profile', '--chip', 'loihi'], 'FILE_UNREADABLE', './profile'],
    [['--noise', 'profile,jitter', '--chip', 'brainscales2'], 'FLAG_VALUE', 'jitter'],
    [['--noise', 'profile,weightBits=3', '--chip', 'brainscales2'], 'FLAG_CONFLICT', 'weightLevels=127'],
  ])('is refused with %s', async (flags, errorCode, word) => {
    const { code, err } = await evaluate('runs/on-loihi', ...flags)
    expect(code).toBe(2)
    expect(err).toContain(errorCode)
    expect(err).toContain(word)
  })
})

test('dead cores are named where there is no placement to avoid them', async () => {
  const chip = { ...chipProfile('loihi'), name: 'old', deadCores: [{ chip: 0, core: 1 }] }
  const { out } = await evaluate('runs/on-loihi', '--chip', files.write('old.json', formatChipProfile(chip)))
  const { formats } = jsonLines(out).at(-1) as { formats: typeof LOIHI }
  expect(formats.notApplied).toEqual([
    ...LOIHI.notApplied,
    { format: 'dead cores', why: 'avoided only where there is a placement' },
  ])
})

describe('refused', () => {
  test.each([
    [['--chip', 'loihi', '--noise-in', 'train'], 'FLAG_CONFLICT', '--noise-in'],
    [['--chip', 'brainscales2'], 'CHIP_DELAYS', 'weights, delays'],
    [['--chip', 'loihi,spinnaker'], 'FLAG_VALUE', 'one chip'],
    [['--chip', 'loihi3'], 'FILE_UNREADABLE', 'loihi3'],
    [['--chip', 'brainscales2', '--recurrent', '--learn', 'weights'], 'CHIP_DELAYS', 'brainscales2'],
  ])('is %s', async (flags, errorCode, word) => {
    const { code, out, err } = await train(...flags, '--name', 'refused')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(errorCode)
    expect(err).toContain(word)
  })

  test('is a tick that is longer than the trials, and delays of one value', async () => {
    const loihi = chipProfile('loihi')
    const figure = (value: number, unit: 'ms' | 'ticks') => {
      return { value, unit, provenance: 'assumed', source: 'for a test' } as const
    }
    const slow = { ...loihi, name: 'slow', time: { ...loihi.time, tick: figure(100, 'ms') } }
    const file = files.write('slow.json', formatChipProfile(slow as typeof loihi))
    for (const { code, err } of [
      await train('--chip', file, '--name', 'refused'),
      await evaluate('runs/on-loihi', '--chip', file),
    ]) {
      expect(code).toBe(2)
      expect(err).toContain('FORMAT_TICK')
      expect(err).toContain('"field":"--chip: time.tick"')
      expect(err).toContain('less than the trial of 70 ms')
    }
    const { err } = await train('--noise', 'tick=100', '--name', 'refused')
    expect(err).toContain('"field":"noise.tick"')
    const one = { delayMinTicks: figure(3, 'ticks'), delayMaxTicks: figure(3, 'ticks') }
    const rigid = { ...loihi, name: 'rigid', formats: { ...loihi.formats, ...one } }
    const { err: refusal } = await train('--chip', files.write('rigid.json', formatChipProfile(rigid as typeof loihi)))
    expect(refusal).toContain('FORMAT_LEVELS')
    expect(refusal).toContain('"field":"--chip: formats.delayMaxTicks"')
    expect(refusal).toContain('--learn without delays')
  })

  test('is a chip that has no weights, with its file', async () => {
    const loihi = chipProfile('loihi')
    const few = { value: 1, unit: 'bit', provenance: 'assumed', source: 'for a test' } as const
    const formats = { ...loihi.formats, weightBits: few, weightLevels: null }
    const file = files.write('few.json', formatChipProfile({ ...loihi, name: 'few', formats }))
    const { code, err } = await evaluate('runs/on-loihi', '--chip', file)
    expect(code).toBe(2)
    expect(err).toContain('FORMAT_LEVELS')
    expect(err).toContain('formats.weightBits')
    expect(err).toContain('weights of 1 bit of few')
  })
})
