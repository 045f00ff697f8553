import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())
files.write('tiny.json', TINY_PRESET)

const train = async (name: string, ...flags: readonly string[]) => {
  const line = ['train', 'temporal-patterns', '--preset', 'tiny.json', '--name', name, '--json', ...flags]
  expect(await run(...line)).toMatchObject({ code: 0 })
}
const compared = async (...folders: readonly string[]) => {
  const { code, out, err } = await run('compare', ...folders, '--json')
  expect(code, err).toBe(0)
  return jsonLines(out)
}
const refused = async (...folders: readonly string[]) => {
  const { code, out, err } = await run('compare', ...folders, '--json')
  expect({ code, out }, err).toEqual({ code: 2, out: '' })
  return jsonLines(err)[0]?.error
}
/** A copy of a run whose file is another one. */
function changed(run: string, name: string, file: string, change: (text: string) => string): string {
  const [from, to] = [join('runs', run), join('runs', name)]
  cpSync(from, to, { recursive: true })
  writeFileSync(join(to, file), change(readFileSync(join(to, file), 'utf8')))
  return to
}
const resultIn = (folder: string) => jsonLines(readFileSync(join(folder, 'metrics.jsonl'), 'utf8')).at(-1)

beforeAll(async () => {
  await train('plain', '--seed', '1')
  await train('seeds', '--seeds', '2,3')
  await train('small', '--seed', '1', '--set', 'training.batch=4', 'network.hidden=[4]')
})

describe('runs', () => {
  test('that differ by the seed alone are one group, with the spread of what they came to', async () => {
    const [group, ...more] = await compared('runs/plain', 'runs/seeds')
    expect(more).toEqual([])
    const folders = ['runs/plain', 'runs/seeds/seed-2', 'runs/seeds/seed-3']
    expect(group).toMatchObject({ group: 1, runs: folders, seeds: [1, 2, 3] })
    const values = folders.map((folder) => Number(resultIn(folder)?.hiddenSpikes))
    const mean = (values[0]! + values[1]! + values[2]!) / 3
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2)
    const { hiddenSpikes, epochs } = Object(group?.metrics)
    expect(hiddenSpikes).toEqual({ mean: expect.closeTo(mean, 12), std: expect.closeTo(std, 12), values })
    expect(epochs).toEqual({ mean: 2, std: 0, values: [2, 2, 2] })
    const { out } = await run('compare', 'runs/plain', 'runs/seeds')
    expect(out).toMatch(/^Nothing differs but the seed\.\n\ngroup {2}run +seeds /)
    expect(out).toContain('runs/plain and 2 more      3')
  })

  test('with other settings have a row for each first, with what the preset has where nothing is said', async () => {
    const lines = await compared('runs/plain', 'runs/small', 'runs/seeds')
    const fields = lines.flatMap(({ field, values }) => (field === undefined ? [] : [[field, values]]))
    expect(fields.slice(0, 2)).toEqual([
      ['training.batch', ['6', '4']],
      ['network.hidden', [null, '[4]']],
    ])
    const names = fields.map(([name]) => name)
    expect(names).toEqual([...new Set(names)])
    expect(names).toEqual(expect.arrayContaining(['groups', 'seed']))
    expect(names).not.toEqual(expect.arrayContaining(['batch']))
    for (const name of ['epochs', '--name', '--seeds', 'shuffle', 'task']) expect(names).not.toContain(name)
    expect(lines.slice(fields.length).map(({ group, seeds }) => [group, seeds])).toEqual([
      [1, [1, 2, 3]],
      [2, [1]],
    ])
    const { out } = await run('compare', 'runs/plain', 'runs/small')
    expect(out).toMatch(/^setting +group 1 +group 2\ntraining\.batch +6 +4\nnetwork\.hidden +- +\[4\]\n/)
  })

  test('of a preset whose file has changed, and of another version, differ', async () => {
    const later = changed('plain', 'later', 'run.json', (text) =>
      text.replace('"learningRate": "0.01"', '"learningRate": "0.02"').replace(/"node": "[^"]*"/, '"node": "v99.0.0"'),
    )
    expect((await compared('runs/plain', later)).slice(0, 2)).toEqual([
      { field: 'versions.node', values: [process.version, 'v99.0.0'] },
      { field: 'learningRate', values: ['0.01', '0.02'] },
    ])
  })

  test('with the same settings and seed are counted once, which is said', async () => {
    const copy = changed('plain', 'copy', 'network.json', (text) => text)
    const { out, err } = await run('compare', 'runs/plain', copy, '--json')
    expect(jsonLines(err)).toEqual([{ warning: { code: 'RUN_REPEATED', message: expect.stringContaining(copy) } }])
    expect(jsonLines(out)).toMatchObject([{ runs: ['runs/plain'], seeds: [1] }])
  })

  test('that are unfinished are listed with their last epoch, also where the last line is cut off', async () => {
    const cut = changed('plain', 'cut', 'metrics.jsonl', (text) => `${text.split('\n')[0]}\n{"epo`)
    const begun = changed('plain', 'begun', 'metrics.jsonl', () => '')
    const lines = await compared('runs/plain', cut, begun)
    expect(lines[0]).toMatchObject({ group: 1, runs: ['runs/plain'] })
    expect(lines.slice(1)).toEqual([
      { group: 1, unfinished: cut, epoch: 1 },
      { group: 1, unfinished: begun, epoch: 0 },
    ])
    expect((await run('compare', 'runs/plain', cut)).out).toMatch(
      /unfinished run +group +last epoch\nruns\/cut +1 +1\n$/,
    )
  })

  test('keep the best epoch where the result says so', async () => {
    const best = changed('plain', 'best', 'metrics.jsonl', (text) => {
      const [first, second, result] = jsonLines(text)
      return `${JSON.stringify({ ...first, loss: 7 })}\n${JSON.stringify(second)}\n${JSON.stringify({ ...result, bestEpoch: 1 })}\n`
    })
    const other = changed('small', 'other', 'metrics.jsonl', (text) => text)
    const [group] = (await compared(best, other)).filter(({ group: number }) => number === 1)
    expect(group?.metrics).toMatchObject({ loss: { mean: 7 }, bestEpoch: { mean: 1 }, epochs: { mean: 2 } })
  })
})

describe('the folder of a sweep', () => {
  test('stands for its runs that are through, by settings', async () => {
    const head = '{"format":"antidrome-sweep","version":1}\n'
    mkdirSync('s/runs', { recursive: true })
    let ledger = head
    for (const [setting, learningRate] of [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07].entries())
      for (const seed of [1, 2]) {
        const name = `00${setting}-seed-${seed}`
        const folder = changed('plain', `../s/runs/${name}`, 'run.json', (text) => {
          const set = `"set": ["training.optimizer.learningRate=${learningRate}"]`
          return text
            .replace(/"seed": 1,\n {2}"identity"/, `"seed": ${seed},\n  "identity"`)
            .replace('"shuffle": "1"', `"shuffle": "${seed}"`)
            .replace('"name": "plain"', `"name": "${name}", ${set}`)
            .replace('"learningRate": "0.01"', `"learningRate": "${learningRate}"`)
        })
        expect(folder).toBe(`s/runs/${name}`)
        ledger += `${JSON.stringify({ run: name, setting, seed, ...(setting === 6 ? { failed: {} } : {}) })}\n`
      }
    writeFileSync('s/sweep.jsonl', `${ledger}{"done":true}\n`)
    const [field, ...groups] = await compared('s')
    const rates = ['0.01', '0.02', '0.03', '0.04', '0.05', '0.06']
    expect(field).toEqual({ field: 'training.optimizer.learningRate', values: rates })
    expect(groups.map(({ seeds }) => seeds)).toEqual(rates.map(() => [1, 2]))

    const { out } = await run('compare', 's', 'runs/small')
    expect(out).toMatch(/^setting +values\ntraining\.optimizer\.learningRate +6\n/)
    expect(out).toMatch(/ training\.optimizer\.learningRate +training\.batch +network\.hidden\n +1 .* 0\.01 +6 +-\n/)
    expect(await refused('s', 's/runs/000-seed-2')).toMatchObject({ code: 'RUN_REPEATED', file: 's/runs/000-seed-2' })
    writeFileSync('s/sweep.jsonl', head)
    expect(await refused('s')).toMatchObject({ code: 'RUN_MISSING', found: expect.stringContaining('sweep') })
  })
})

describe('what cannot be compared is refused by its name', () => {
  test('no run, one run alone, one twice', async () => {
    expect(await refused('runs/plain', 'runs')).toMatchObject({ code: 'RUN_MISSING', file: 'runs', field: 'run' })
    expect(await refused('runs/plain', 'nowhere')).toMatchObject({ code: 'RUN_MISSING', file: 'nowhere' })
    expect(await refused('runs/plain', 'tiny.json')).toMatchObject({ code: 'RUN_MISSING', file: 'tiny.json' })
    expect(await refused('runs/plain')).toMatchObject({ code: 'RUNS_TOO_FEW', found: 'runs/plain alone' })
    expect(await refused('runs/plain', './runs/../runs/plain')).toMatchObject({ code: 'RUN_REPEATED' })
  })

  test('damaged files', async () => {
    const line = changed('plain', 'line', 'metrics.jsonl', (text) => text.replace('\n', '\n{"epoch":\n'))
    const metrics = join(line, 'metrics.jsonl')
    expect(await refused('runs/plain', line)).toMatchObject({ code: 'RUN_DAMAGED', file: metrics, field: 'line 2' })
    for (const text of [
      '',
      '[]',
      'null',
      '{"format": "antidrome-run", "version": 2, "identity": {}}',
      '{"format": "antidrome-run", "version": 1, "identity": null}',
    ]) {
      const record = changed('plain', 'record', 'run.json', () => text)
      expect(await refused('runs/plain', record), text).toMatchObject({
        ...{ code: 'RUN_DAMAGED', file: join(record, 'run.json') },
        remedy: expect.stringContaining('--overwrite'),
      })
    }
  })
})
