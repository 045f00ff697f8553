import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spreadOf } from '../../../src/learning/spread.js'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { runProcess } from '../run-process.js'
import { taskModules } from '../task-module/task-parts.js'
import { BASE, GRID, readLedger } from './sweep-files.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

files.write('tiny.json', BASE)
files.write('grid.json', GRID)

const sweep = (...argv: readonly string[]) => runProcess(files.folder, 'sweep', ...argv)
const pictureIn = (folder: string) => readFileSync(join(folder, 'sweep.svg'), 'utf8')
/** The lines of settings in a picture. */
const linesIn = (svg: string) => [...svg.matchAll(/<title>(setting[^<]*)</g)].map(([, name]) => name)
/** When every run of a sweep was written last. */
const timesOf = (folder: string) =>
  readdirSync(join(folder, 'runs')).map((name) => statSync(join(folder, 'runs', name, 'metrics.jsonl')).mtimeMs)

describe('a sweep', () => {
  let [whole, printed] = ['', '']

  beforeAll(async () => {
    const { code, out, err } = await sweep('grid.json', '--parallel', '1', '--json')
    expect(code, err).toBe(0)
    whole = readLedger('sweeps/grid').text
    printed = out
  })

  test('trains every setting as train does, and ranks them', async () => {
    const [head, ...lines] = readLedger('sweeps/grid').lines
    expect(head).toMatchObject({ format: 'antidrome-sweep', version: 1, sweep: { base: 'tiny.json', sampler: 'grid' } })
    expect(jsonLines(printed)).toEqual(lines)
    const [runs, last] = [lines.slice(0, -1), lines.at(-1)]
    expect(runs.map(({ run: name, setting, values }) => [name, setting, values])).toEqual(
      [0, 1, 2, 3].map((setting) => [
        `00${setting}-seed-1`,
        setting,
        {
          'training.optimizer.learningRate': [0.01, 0.03][setting >> 1],
          'network.hidden': [[4], [6]][setting & 1],
        },
      ]),
    )
    const best = Math.max(...runs.map(({ validationAccuracy }) => Number(validationAccuracy)))
    expect(last).toMatchObject({ done: true, best: { objective: { mean: best } } })

    const flags = ['--rate', '0.03', '--hidden', '4', '--seed', '1', '--measure', 'validation']
    const alone = await run('train', 'temporal-patterns', '--preset', 'tiny.json', ...flags, '--json')
    const { done: _, run: __, ...result } = jsonLines(alone.out).at(-1) ?? {}
    expect(runs[2]).toMatchObject(result)
  })

  test('comes to the same, run at the same time', async () => {
    expect(await sweep('grid.json', '--parallel', '3', '--out', 'beside')).toMatchObject({ code: 0 })
    expect(readLedger('beside').text).toBe(whole)
    expect(pictureIn('beside')).toBe(pictureIn('sweeps/grid'))
  })

  test('that is through repeats nothing, and shows what it came to', async () => {
    const times = timesOf('sweeps/grid')
    const picture = pictureIn('sweeps/grid')
    expect(linesIn(picture)).toHaveLength(4)
    for (const text of ['training.optimizer.learningRate', 'network.hidden', 'validation %', '[4]', '0.01'])
      expect(picture).toContain(`>${text}</text>`)
    writeFileSync(join('sweeps/grid', 'sweep.svg'), 'another one')
    const { code, out, err } = await sweep('grid.json', '--resume')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out.split('\n')[0]).toBe('setting  validation %  training.optimizer.learningRate  network.hidden')
    expect(out.split('\n')).toHaveLength(7)
    const [, measure = ''] = /Measure the best one on the test split: antidrome (.*)\n$/.exec(out) ?? []
    expect(await run(...measure.split(' '), '--json')).toMatchObject({ code: 0, err: '' })
    expect(timesOf('sweeps/grid')).toEqual(times)
    expect(pictureIn('sweeps/grid')).toBe(picture)
    expect(readLedger('sweeps/grid').text).toBe(whole)
  })

  test('is not replaced or continued by another one', async () => {
    expect(await run('sweep', 'grid.json')).toMatchObject({ code: 2, err: expect.stringContaining('--resume') })
    const other = await run('sweep', 'grid.json', '--resume', '--json', '--', '--epochs', '3')
    expect(jsonLines(other.err)[0]?.error).toMatchObject({ code: 'SWEEP_MISMATCH', field: 'flags' })
    files.write('tiny.json', { ...BASE, comments: ['Another one.'] })
    const base = await run('sweep', 'grid.json', '--resume', '--json')
    files.write('tiny.json', BASE)
    expect(jsonLines(base.err)[0]?.error).toMatchObject({ code: 'SWEEP_MISMATCH', field: 'base' })
    expect(readLedger('sweeps/grid').text).toBe(whole)
  })

  test('with halving writes who goes on before they do, and looks at the last rung', async () => {
    files.write('halving.json', { ...GRID, seeds: 2, halving: { rungs: [1, 2], keep: 0.5 } })
    expect(await sweep('halving.json', '--json')).toMatchObject({ code: 0 })
    const { lines } = readLedger('sweeps/halving')
    const [first, second] = [lines.slice(1, 9), lines.slice(10, 14)]
    expect(first.map(({ run: name, epochs }) => [name, epochs])).toEqual(
      [0, 1, 2, 3].flatMap((k) => [1, 2].map((seed) => [`00${k}-epochs-1-seed-${seed}`, 1])),
    )
    const means = [0, 1, 2, 3].map((k) => (accuracyOf(first[2 * k]) + accuracyOf(first[2 * k + 1])) / 2)
    const ranked = [0, 1, 2, 3].toSorted((a, b) => Number(means[b]) - Number(means[a]) || a - b)
    const settings = ranked.slice(0, 2).toSorted()
    expect(lines[9]).toEqual({ rung: 1, epochs: 2, settings })
    expect(second.map(({ setting, epochs }) => [setting, epochs])).toEqual(
      settings.flatMap((setting) => [1, 2].map(() => [setting, 2])),
    )
    const best = lines.at(-1)?.best as { setting: number; objective: { values: number[] } }
    expect(settings).toContain(best.setting)
    const own = second.filter(({ setting }) => setting === best.setting)
    expect(best.objective.values).toEqual(own.map(accuracyOf))
    const reached = [0, 1, 2, 3].map((setting) => {
      const of = (settings.includes(setting) ? second : first)
        .filter((line) => line.setting === setting)
        .map(accuracyOf)
      return `setting ${setting}: ${(100 * spreadOf(of).mean).toFixed(2)}`
    })
    const picture = pictureIn('sweeps/halving')
    expect(linesIn(picture).toSorted()).toEqual(reached)
    expect(picture).toMatch(new RegExp(`stroke-width="4"><title>setting ${best.setting}:`))
  })

  test('gives up what fails by its name, and goes on with the rest', async () => {
    const module = taskModules(files)(`import { networkOf, taskOf } from './parts.mjs'
      export function createTask({ hidden = 6 }) {
        if (hidden === 5) throw new Error('five is too many')
        return taskOf(networkOf(hidden, false))
      }`)
    const training = { ...BASE.training, learn: ['weights'] }
    files.write('mine.json', { ...BASE, task: 'user', network: {}, data: {}, training })
    files.write('picky.json', {
      ...{ base: 'mine.json', task: basename(module), sampler: 'grid' },
      vary: { 'network.hidden': { values: [5, 4] } },
    })
    const { code, err } = await sweep('picky.json')
    expect(err).toContain('000-seed-1: failed')
    expect(code).toBe(0)
    const [, wrong, right, last] = readLedger('sweeps/picky').lines
    expect(right).toMatchObject({ validationAccuracy: expect.any(Number) })
    expect(wrong).toMatchObject({ failed: { message: expect.stringContaining('five is too many') } })
    expect(last).toMatchObject({ best: { setting: 1 } })
    expect(pictureIn('sweeps/picky')).toMatch(/stroke-dasharray="[^>]*><title>setting 0: failed</)
  })
})

function accuracyOf(line: Record<string, unknown> | undefined): number {
  return Number(line?.validationAccuracy)
}

describe('the file of a sweep is refused before anything runs', () => {
  const refused = async (changes: object, ...flags: readonly string[]) => {
    files.write('wrong.json', { ...GRID, ...changes })
    const { code, out, err } = await run('sweep', 'wrong.json', '--json', ...flags)
    expect({ code, out }, err).toEqual({ code: 2, out: '' })
    expect(existsSync('sweeps/wrong')).toBe(false)
    return jsonLines(err)[0]?.error
  }

  test.each([
    [{ base: 'nowhere.json' }, 'FILE_UNREADABLE', 'base'],
    [{ base: 'yin-yan' }, 'PRESET_UNKNOWN', 'base'],
    [{ vary: { 'training.batch': { values: [6, 0] } } }, 'OPTION_OUT_OF_RANGE', '--set training.batch in setting 1'],
    [{ vary: { 'training.bach': { values: [6] } } }, 'FIELD_UNKNOWN', '--set training.bach in setting 0'],
    [{ vary: { 'network.hidden': { values: [[4], ['x']] } } }, 'FIELD_TYPE', '--set network.hidden[0] in setting 1'],
    [{ objective: 'timingError' }, 'SWEEP_INVALID', 'objective'],
  ])('%j', async (changes, code, field) => {
    expect(await refused(changes)).toMatchObject({ code, field })
  })

  test.each([
    [['--hidden', '3'], '--hidden'],
    [['--preset', 'tiny.json'], '--preset'],
    [['--measure', 'test'], '--measure'],
    [['--metrics-port', '0'], '--metrics-port'],
    [['--checkpoint', 'kept'], '--checkpoint'],
    [['--checkpoint-every', '2'], '--checkpoint-every'],
    [['--join', 'nats://host'], '--join'],
    [['--tls-ca', 'ca.pem'], '--tls-ca'],
    [['--wait', '3'], '--wait'],
    [['--json'], '--json'],
  ])('with %j behind the --', async (flags, field) => {
    expect(await refused({}, '--', ...flags)).toMatchObject({ code: 'FLAG_CONFLICT', field })
  })

  test.each([
    [['--creds', 'ada.creds'], '--creds'],
    [['--wait', '3'], '--wait'],
    [['--checkpoint', 'object:kept'], '--checkpoint'],
    [['--join', 'nats://host', '--', '--listen', '127.0.0.1:0'], '--listen'],
    [['--join', 'nats://host', '--', '--transport', 'thread'], '--transport'],
  ])('with %j', async (flags, field) => {
    expect(await refused({}, ...flags)).toMatchObject({ code: 'FLAG_CONFLICT', field })
  })

  test('with epochs beside rungs, and what train does not know', async () => {
    const halving = { rungs: [1, 2], keep: 0.5 }
    expect(await refused({ halving }, '--', '--epochs', '3')).toMatchObject({
      code: 'FLAG_CONFLICT',
      field: '--epochs',
    })
    expect(await refused({}, '--', '--epohcs', '3')).toMatchObject({ code: 'FLAG_UNKNOWN', field: '--epohcs' })
    expect(await refused({}, '--', 'yin-yang')).toMatchObject({ code: 'ARGUMENT_UNEXPECTED' })
  })
})
