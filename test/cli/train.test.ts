import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'
import { finish, start } from './run-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)

describe('train', () => {
  test('prints a line per epoch and one at the end, and leaves the same in the run', async () => {
    const flags = ['--hidden', '8', '--batch', '32', '--epochs', '1', '--json', '--name', 'one']
    const { code, out, err } = await run('train', 'yin-yang', ...flags)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const share = expect.toSatisfy((value: number) => value >= 0 && value <= 1)
    const positive = expect.toSatisfy((value: number) => value > 0)
    const layer = {
      ...Object.fromEntries(
        ['silent', 'silentNeurons', 'saturated', 'exploding', 'grazingFraction'].map((name) => [name, share]),
      ),
      spikes: positive,
      grazing: expect.toSatisfy(Number.isInteger),
      gradientNorm: positive,
      ...{ maximum: null, unrisen: null, deadUnits: [] },
    }
    const epoch = (number: number) => ({
      epoch: number,
      loss: positive,
      trainAccuracy: share,
      validationAccuracy: share,
      silentFraction: share,
      silentLabelFraction: share,
      grazing: expect.toSatisfy(Number.isInteger),
      samplesPerSecond: positive,
      cpuSecondsPerSample: positive,
      layers: { hidden: layer, output: layer },
      gradientNorms: { weights: positive, delays: positive, thresholds: positive },
      advice: expect.any(Array),
    })
    const last = {
      done: true,
      testAccuracy: share,
      hiddenSpikes: positive,
      run: join('runs', 'one'),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    }
    const lines = jsonLines(out)
    expect(lines).toEqual([epoch(1), last])
    // Better than the largest class alone would be.
    expect(lines[0]?.validationAccuracy).toBeGreaterThan(0.4)

    const read = (name: string) => readFileSync(join('runs', 'one', name), 'utf8')
    expect(read('metrics.jsonl')).toBe(out)
    const network = parseNetwork(read('network.json'))
    expect(network.groups.map(({ name, size }) => [name, size])).toEqual([
      ['input', 4],
      ['hidden', 8],
      ['output', 3],
    ])
    expect(network.projections[0]?.delays).toMatchObject({ kind: 'perSynapse', values: expect.any(Array) })
    for (const picture of ['raster', 'curves', 'decision-map'])
      expect(read(`${picture}.svg`)).toMatch(/^<svg[\s\S]*<\/svg>\s*$/)
  })

  test('tells a person on stderr how it goes and on stdout what came out, which is the same', async () => {
    const tiny = ['train', 'temporal-patterns', '--preset', PRESET, '--learn', 'thresholds,delays,weights']
    const { code, out, err } = await run(...tiny)
    expect(code).toBe(0)
    const [begin, ...told] = err.trimEnd().split('\n')
    // Advice is set in.
    const epochs = told.filter((line) => !line.startsWith('  '))
    expect(begin).toBe('Training temporal-patterns: 6 hidden neurons learn weights, delays, thresholds; seed 0.')
    expect(epochs).toEqual([expect.stringMatching(/^epoch 1\/2 {2}loss/), expect.stringMatching(/^epoch 2\/2 {2}loss/)])
    expect(out).toMatch(
      /^test accuracy {2}\d+\.\d %\nhidden spikes {2}\d+\.\d a sample\nrun .*\ndigest +[0-9a-f]{64}\n$/,
    )
    const json = jsonLines((await run(...tiny, '--json', '--name', 'json')).out)
    expect(out).toContain(String(json.at(-1)?.digest))
    const name = join('runs', 'temporal-patterns-0')
    expect(jsonLines(readFileSync(join(name, 'metrics.jsonl'), 'utf8')).at(-1)).toMatchObject({ run: name })
    const raster = readFileSync(join(name, 'raster.svg'), 'utf8')
    for (const text of ['Spikes and voltages of one temporal-patterns trial', 'output', 'voltage'])
      expect(raster).toContain(`>${text}</text>`)
  })

  test('an interrupt ends it with 130 and leaves the finished epochs', async () => {
    const flags = ['--preset', PRESET, '--epochs', '3000', '--json', '--name', 'stopped']
    const child = start(files.folder, 'train', 'temporal-patterns', ...flags)
    child.stdout.once('data', () => child.kill('SIGINT'))
    const { code, out, err } = await finish(child)
    expect(code).toBe(130)
    expect(err).toContain(`interrupted; ${join('runs', 'stopped')} keeps`)
    const metrics = readFileSync(join('runs', 'stopped', 'metrics.jsonl'), 'utf8')
    expect(metrics).toBe(out)
    expect(jsonLines(metrics)[0]).toMatchObject({ epoch: 1 })
    expect(() => parseNetwork(readFileSync(join('runs', 'stopped', 'network.json'), 'utf8'))).not.toThrow()
  })
})
