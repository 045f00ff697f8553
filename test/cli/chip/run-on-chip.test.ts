import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { type RunFlags, subjectOf } from '../../../src/cli/chip/run/run-on-chip.js'
import { temporalPatterns } from '../../../src/data/patterns/temporal-patterns.js'
import { spikesBefore } from '../../../src/events/select-spikes.js'
import { miniBatch } from '../../../src/learning/mini-batch.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { lif } from '../../../src/network/models/lif.js'
import { formatRunRecord, type RunRecord } from '../../../src/storage/run/run-record.js'
import { trainsOf } from '../../learning/trains.js'
import { expectSameBits } from '../../support/same-bits.js'
import { writeImageFiles } from '../../support/small-images.js'
import { CLOSED_FORM, createFiles, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const FLAGS: RunFlags = { seed: 0, kernel: 'reference', spikeLimit: 100 }
const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const UNHEARD = { tell: () => undefined, say: () => undefined }

/** A network whose output is heard, so that it is no guess which group the loss looks at. */
function trainedNetwork(inputs: number, classes: number): Network {
  return defineNetwork({
    groups: { input: source(inputs), hidden: lif(4, NEURON), output: lif(classes, NEURON) },
    projections: [
      connect('input', 'hidden', dense(2), { delay: 1 }),
      connect('hidden', 'output', dense(3), { delay: 2 }),
      connect('output', 'hidden', dense(-0.1), { delay: 1 }),
    ],
  })
}

/** The folder of a run that is over. */
function runFolder(name: string, network: Network, record: Pick<RunRecord, 'task' | 'preset' | 'flags'>): string {
  const folder = join(files.folder, name)
  mkdirSync(folder)
  files.write(join(name, 'network.json'), formatNetwork(network))
  files.write(join(name, 'run.json'), formatRunRecord({ ...record, versions: {}, identity: {} }))
  return folder
}

describe('the folder of a run', () => {
  test('stands for the network that was trained, on the samples that its preset draws, with the loss of its task', async () => {
    const network = trainedNetwork(5, 3)
    const preset = files.write('tiny.json', TINY_PRESET)
    const folder = runFolder('patterns', network, { task: 'temporal-patterns', preset, flags: {} })
    const subject = await subjectOf(folder, { ...FLAGS, samples: 2 })
    expect(subject).toMatchObject({ network, loss: ['output'] })
    const { test: split, until } = temporalPatterns({ ...TINY_PRESET.data, ...TINY_PRESET.network })
    await using session = await open(network, { kernel: 'reference' })
    const trials = miniBatch(split, Uint32Array.of(0, 1), until)
    const { spikes } = await session.simulate(trials)
    expect(spikes.output!.times.length).toBeGreaterThan(0)
    const input = spikesBefore(until, trials.inputs.input!)
    expectSameBits(await subject.run(UNHEARD), { raster: { input, ...spikes }, until: 70 })
    const { out } = await run('chip-report', folder, '--chip', 'loihi', '--samples', '2', '--json')
    expect(jsonLines(out)).toMatchObject([{ trials: 2, loss: { groups: ['output'] } }])
  })

  test('takes the files that it was trained on, or those of --data', async () => {
    for (const [name, size] of [
      ['own', 3],
      ['other', 2],
    ] as const) {
      mkdirSync(join(files.folder, name))
      writeImageFiles(join(files.folder, name), { train: 4, test: size })
    }
    const [data, other] = ['own', 'other'].map((name) => join(files.folder, name)) as [string, string]
    const record = { task: 'mnist', preset: 'mnist-weights', flags: { data } }
    const folder = runFolder('images', trainedNetwork(784, 10), record)
    const trialsOf = async (flags: Partial<RunFlags>) => {
      const { raster } = await (await subjectOf(folder, { ...FLAGS, until: 1, ...flags })).run(UNHEARD)
      return raster.input!.offsets.length - 1
    }
    expect([await trialsOf({}), await trialsOf({ data: other })]).toEqual([3, 2])
  })
})

describe('a network of a file', () => {
  const drawn = defineNetwork({
    groups: { in: source(6), out: lif(9, NEURON) },
    projections: [connect('in', 'out', dense(normal(0.8, 0.5)), { delay: 1 })],
  })

  test('is drawn with the seed of the run', async () => {
    const network = files.write('drawn.json', formatNetwork(drawn))
    const times = [1, 2, 4, 5, 7, 8]
    const input = files.write('drawn-input.json', { in: { times, units: [0, 1, 2, 3, 4, 5] } })
    const runOf = async (seed: number) => (await subjectOf(network, { ...FLAGS, seed, input, until: 40 })).run(UNHEARD)
    const given = trainsOf([times.map((time, unit) => ({ time, unit }))])
    const known = await Promise.all([0, 3].map(runOf))
    expect(known[0]).not.toEqual(known[1])
    await using session = await open(drawn, { seed: 3, kernel: 'reference', spikeLimit: 100 })
    const { spikes } = await session.simulate({ count: 1, until: 40, inputs: { in: given } })
    expectSameBits(known[1], { raster: { in: given, ...spikes }, until: 40 })
  })

  test('is simulated in a hundred segments, each of which is told', async () => {
    const told: string[] = []
    const subject = await subjectOf(files.write('told.json', CLOSED_FORM), { ...FLAGS, until: 200 })
    await subject.run({ ...UNHEARD, tell: (words) => told.push(words) })
    expect(told).toEqual(Array.from({ length: 100 }, (_, k) => `simulating, ${2 * (k + 1)} of 200 ms`))
  })

  // A spike is answered 1 + 10 ln 1.5 = 5.0547 ms later.
  test.each([
    { inputs: [], last: [], until: 1 },
    { inputs: [0], last: [5.054651081081643], until: 6 },
    { inputs: [2.945348918918356], last: [8], until: 9 },
    { inputs: [30.5], last: [35.554651081081644], until: 36 },
  ])(
    'without an end is over with the millisecond that its last spike falls into, $until for $last',
    async ({ inputs, last, until }) => {
      const input = files.write(`${until}.json`, { input: { times: inputs, units: inputs.map(() => 0) } })
      const subject = await subjectOf(files.write('closed.json', CLOSED_FORM), { ...FLAGS, input })
      const known = await subject.run(UNHEARD)
      expect(known.until).toBe(until)
      expect([...known.raster.out!.times]).toEqual(last)
    },
  )

  test('without an end has all spikes that it is given, whether anybody answers or not', async () => {
    const deaf = defineNetwork({
      groups: { in: source(1), out: lif(1, NEURON) },
      projections: [connect('in', 'out', dense(0.01))],
    })
    const input = files.write('late.json', { in: { times: [0, 40.5], units: [0, 0] } })
    const subject = await subjectOf(files.write('deaf.json', formatNetwork(deaf)), { ...FLAGS, input })
    const { raster, until } = await subject.run(UNHEARD)
    expect([until, [...raster.in!.times], raster.out!.times.length]).toEqual([41, [0, 40.5], 0])
  })
})
