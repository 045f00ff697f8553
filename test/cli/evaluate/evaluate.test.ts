import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { yinYang, yinYangNetwork } from '../../../src/data/yin-yang.js'
import { trainedNetwork } from '../../../src/learning/trained-network.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { createFiles, jsonLines, run } from '../run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
let network = ''

const ON = ['--task', 'yin-yang', '--preset', 'yin-yang-30-weights', '--split', 'validation', '--json']

beforeAll(async () => {
  const described = yinYangNetwork({ hidden: 8, biasSpike: false, learnDelays: false } as Parameters<
    typeof yinYangNetwork
  >[0])
  await using session = await open(described, { seed: 1 })
  network = files.write('network.json', formatNetwork(await trainedNetwork(session, 1)))
})

describe('evaluate', () => {
  test('measures each device and the spread over them, alike on any number of cores', async () => {
    const noise = ['--noise', 'seed=4,jitter=0.5,weightBits=5,thresholdMismatch=0.1', '--draws', '2']
    const { code, out, err } = await run('evaluate', network, ...ON, ...noise)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [first, second, summary] = jsonLines(out)
    expect([first?.noiseSeed, second?.noiseSeed]).toEqual([4, 5])
    expect(first).toMatchObject({ draw: 0, accuracy: expect.any(Number), silentFraction: expect.any(Number) })
    expect(first?.loss).not.toBe(second?.loss)
    const values = [first?.accuracy, second?.accuracy] as number[]
    const mean = (values[0]! + values[1]!) / 2
    expect(summary).toMatchObject({
      done: true,
      split: 'validation',
      draws: 2,
      noise: { seed: 4, jitter: 0.5, weightBits: 5, thresholdMismatch: 0.1 },
      accuracy: { mean, std: expect.closeTo(Math.abs(values[0]! - values[1]!) / Math.SQRT2, 12), values },
    })
    const spread = await run('evaluate', network, ...ON, ...noise, '--cores', '2', '--transport', 'local')
    expect(spread.out).toBe(out)
    const dealt = await run('evaluate', network, ...ON, ...noise, '--replicas', '3', '--transport', 'local')
    expect(dealt.out).toBe(out)
  })

  test('measures once without noise', async () => {
    const { code, out } = await run('evaluate', network, ...ON)
    expect(code).toBe(0)
    expect(jsonLines(out)).toMatchObject([
      { draw: 0, noiseSeed: null },
      { draws: 1, noise: null, accuracy: { std: null } },
    ])
  })

  test('writes what was predicted of every sample, in every draw', async () => {
    const file = `${files.folder}/predictions.csv`
    const noise = ['--noise', 'jitter=0.5', '--draws', '2']
    const { code, out } = await run('evaluate', network, ...ON, ...noise, '--predictions', file)
    expect(code).toBe(0)
    const [head, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(head).toBe('draw,sample,label,predicted,class,predicted class')
    const results = jsonLines(out)
    const { samples } = results[2] as { samples: number }
    expect(rows.length).toBe(2 * samples)
    for (const draw of [0, 1]) {
      const own = rows.slice(draw * samples, (draw + 1) * samples).map((row) => row.split(','))
      expect(own.every((row, sample) => row[0] === String(draw) && row[1] === String(sample))).toBe(true)
      const right = own.filter(([, , label, predicted]) => label === predicted).length
      expect(right / samples).toBe(results[draw]?.accuracy)
    }
  })

  test('tells how many spikes the hidden neurons have a sample, as many as a simulation records', async () => {
    const { out } = await run('evaluate', network, ...ON)
    const task = yinYang({ hidden: 8, biasSpike: false })
    await using session = await open(parseNetwork(readFileSync(network, 'utf8')), { seed: 1 })
    const samples = Uint32Array.from({ length: task.validation.size }, (_, sample) => sample)
    const trials = { count: samples.length, inputs: task.validation.encode(samples), until: task.until }
    const { spikes } = await session.simulate(trials, { record: ['hidden'] })
    const perSample = (spikes.hidden?.times.length ?? 0) / samples.length
    expect(perSample).toBeGreaterThan(1)
    expect(jsonLines(out)).toMatchObject([{ hiddenSpikes: perSample }, { hiddenSpikes: { values: [perSample] } }])
  })

  test('reads the noise of a device from a file', async () => {
    const file = files.write('noise.json', { jitter: { hidden: 0.1 }, weightBits: 6 })
    const { out } = await run('evaluate', network, ...ON, '--noise', file, '--draws', '1', '--seed', '9')
    expect(jsonLines(out)[0]).toMatchObject({ noiseSeed: 9 })
    const wrong = files.write('wrong.json', { jitter: { nowhere: 0.1 } })
    const refused = await run('evaluate', network, ...ON, '--noise', wrong)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('wrong.json: noise.jitter.nowhere')
  })

  test.each([
    [['--draws', '2'], '--draws'],
    [['--noise', 'jitter=-1'], '--noise.jitter'],
    [['--noise', 'nowhere.json'], 'nowhere.json'],
    [['--preset', 'mnist-weights'], 'mnist'],
  ])('refuses %s', async (flags, place) => {
    const preset = flags[0] === '--preset' ? ON.filter((_, k) => k !== 2 && k !== 3) : ON
    const { code, out, err } = await run('evaluate', network, ...preset, ...flags)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(place)
  })

  test('refuses a network of another task', async () => {
    const { code, err } = await run('evaluate', network, '--task', 'temporal-patterns')
    expect(code).toBe(2)
    expect(err).toContain('one for temporal-patterns')
  })
})
