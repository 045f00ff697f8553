import { describe, expect, test } from 'vitest'
import { CONTESTS, type Contest } from '../../scripts/results/robustness/contests.js'
import { JITTER, LOSS, MISMATCH } from '../../scripts/results/robustness/ladders.js'
import { evaluation, measureContest, type Robustness } from '../../scripts/results/robustness/measure-contest.js'
import { robustnessPicture } from '../../scripts/results/robustness/robustness-picture.js'
import { ROWS } from '../../scripts/results/rows/index.js'
import { methodOf, rowNamed } from '../../scripts/results/rows/trained-by.js'
import { parseNoiseSettings } from '../../src/cli/noise/parse-noise-settings.js'
import { packagedPreset } from '../../src/data/presets/packaged-presets.js'
import { readDeviceNoise } from '../../src/learning/noise/read-noise.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyTask } from '../support/tiny-task.js'
import '../support/guard.js'

const flag = (train: readonly string[], name: string) => {
  const place = train.indexOf(name)
  return place < 0 ? undefined : train[place + 1]
}

describe.each(CONTESTS)('noisy devices of $name', (contest) => {
  test('are put before networks that rows have trained, with the preset and the data of their row', () => {
    for (const { row, preset } of contest.contestants) {
      const { task, data, train } = rowNamed(row)
      expect({ task, data }).toEqual({ task: contest.task, data: contest.data })
      expect(flag(train, '--preset')).toBe(preset)
      expect(packagedPreset(preset).task).toBe(task)
    }
  })

  test('have settings that --noise takes, worse from level to level', () => {
    for (const { noise, levels } of contest.ladders) {
      expect(levels).toEqual([...levels].sort((a, b) => a - b))
      for (const level of levels) {
        const settings = parseNoiseSettings(`${noise}=${level}`, '--noise')
        expect(readDeviceNoise(tinyTask().network, { seed: 0, ...settings })).toEqual({ seed: 0, [noise]: level })
      }
    }
  })
})

describe('a network', () => {
  const contest = CONTESTS.find(({ name }) => name === 'spoken-digits') as Contest
  const flagsOf = (row: string, of: Contest = contest) => {
    const contestant = of.contestants.find((each) => each.row === row)
    return evaluation(of, contestant!, { noise: 'jitter=2', folder: 'DIR' })
  }

  test('runs as it learned: that of the surrogate in its time steps', () => {
    const noisy = ['--noise', 'jitter=2', '--draws', String(contest.draws), '--seed', '1', '--json']
    const begin = ['--task', 'events', '--preset', 'spoken-digits', '--data', 'DIR']
    expect(flagsOf('spoken-digits-hardened')).toEqual([...begin, ...noisy])
    const steps = ['--method', 'surrogate', '--dt', '2']
    for (const row of ['spoken-digits-surrogate-delays', 'spoken-digits-surrogate-hardened'])
      expect(flagsOf(row)).toEqual([...begin, ...steps, ...noisy])
  })

  test('runs event by event where the contest is of trained networks on a device', () => {
    const yinYang = CONTESTS.find(({ name }) => name === 'yin-yang') as Contest
    expect(methodOf(rowNamed('yin-yang-30-surrogate'))).toEqual(['--method', 'surrogate'])
    expect(flagsOf('yin-yang-30-surrogate', yinYang)).not.toContain('--method')
    expect(evaluation(yinYang, yinYang.contestants[0]!, { noise: null, folder: null })).toEqual([
      ...['--task', 'yin-yang', '--preset', 'yin-yang-30-all', '--json'],
    ])
  })
})

test('spoken digits are hardened by the same noise, exactly and by the surrogate', () => {
  const [exact, surrogate] = ['spoken-digits-hardened', 'spoken-digits-surrogate-hardened'].map(rowNamed)
  for (const name of ['--noise', '--noise-in']) expect(flag(exact!.train, name)).toBe(flag(surrogate!.train, name))
  expect(parseNoiseSettings(flag(exact!.train, '--noise')!, '--noise')).toEqual({
    ...{ mismatch: 'redrawn', jitter: 2, thresholdMismatch: 0.1, spikeLoss: 0.1 },
  })
})

describe('rows that are not trained', () => {
  const row = ROWS.find(({ name }) => name === 'spoken-digits-recurrent')!
  const contest: Contest = {
    name: 'few',
    task: 'events',
    data: 'spoken-digits',
    contestants: [{ text: 'one', row: row.name, preset: 'spoken-digits' }],
    ladders: [{ ...LOSS, levels: [0.1] }],
    draws: 1,
  }
  const told: string[] = []
  const say = (line: string) => void told.push(line)
  const home = process.cwd()

  /** In a folder where nothing was trained. */
  async function measured(earlier: Robustness | null): Promise<Robustness> {
    await using folder = await temporaryFolder()
    process.chdir(folder.path)
    try {
      return await measureContest(contest, earlier, () => expect.fail('no folder is needed'), say)
    } finally {
      process.chdir(home)
    }
  }

  test('are refused by name, with what to run', async () => {
    const words =
      'found no runs/results-spoken-digits-recurrent, expected the trained networks of the row; run npm run results -- spoken-digits-recurrent --spoken-digits DIR'
    await expect(measured(null)).rejects.toThrow(words)
    const accuracy = { [row.name]: { mean: 80, std: 1 } }
    await expect(measured({ task: 'few', draws: 1, quiet: accuracy, ladders: [] })).rejects.toThrow(words)
    expect(told).toEqual([])
  })

  test('keep what was measured before', async () => {
    const accuracy = { [row.name]: { mean: 80, std: 1 } }
    const ladders = [{ noise: 'spikeLoss', levels: [{ level: 0.1, accuracy }] }] as const
    const earlier: Robustness = { task: 'few', draws: 1, quiet: accuracy, ladders }
    expect(await measured(earlier)).toEqual(earlier)
  })
})

describe('a picture', () => {
  const level = (at: number, first: number, second: number) => ({
    level: at,
    accuracy: { a: { mean: first, std: 3 }, b: { mean: second, std: 4 } },
  })
  const robustness: Robustness = {
    task: 'yin-yang',
    draws: 5,
    quiet: { a: { mean: 99, std: 0.2 }, b: { mean: 95, std: null } },
    ladders: [
      { noise: 'jitter', levels: [level(0.1, 98, 95), level(5, 61, 52)] },
      { noise: 'spikeLoss', levels: [level(0.02, 97, 95), level(0.4, 80, 70)] },
      { noise: 'thresholdMismatch', levels: [level(0.01, 98, 95), level(0.2, 71, 68)] },
    ],
  }
  const contestants = ['a', 'b'].map((row) => ({ text: row, row, preset: 'yin-yang' }))

  test.each([2, 3])('has its curves in %i panels side by side', (count) => {
    const ladders = robustness.ladders.slice(-count)
    const svg = robustnessPicture({ ...robustness, ladders }, { contestants, ladders: [JITTER, MISMATCH, LOSS] })
    const bands = [...svg.matchAll(/<path d="M([^"]+)Z" fill="[^"]+" fill-opacity/g)].map(([, d = '']) => d)
    expect(bands).toHaveLength(2 * count)
    for (const [k, d] of bands.entries())
      for (const pair of d.split('L')) {
        const [x = Number.NaN, y = Number.NaN] = pair.split(' ').map(Number)
        const left = 78 + 444 * Math.floor(k / 2)
        expect(x).toBeGreaterThanOrEqual(left)
        expect(x).toBeLessThanOrEqual(left + 356)
        expect(y).toBeGreaterThanOrEqual(112)
        expect(y).toBeLessThanOrEqual(362)
      }
    expect(svg).toContain(`width="${16 + 444 * count}"`)
    expect(svg.indexOf('loss of spikes')).toBeLessThan(svg.indexOf('mismatch of thresholds'))
    // One standard deviation below the lowest mean is 48, and 64 without jitter: axes start at 40 and 60.
    expect(svg).toContain(count === 3 ? '>40<' : '>60<')
  })
})
