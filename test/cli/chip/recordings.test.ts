import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeSpikeBlock } from '../../../src/storage/spike-file/spike-block.js'
import { encodeSpikeHeader } from '../../../src/storage/spike-file/spike-header.js'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'
import { testRefusals } from './refusals.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const LIF = { kind: 'lif', tauMem: 20, tauSyn: 5, threshold: 1 }
const network = (size: number) =>
  networkFile(
    [
      { name: 'in', kind: 'source', size: 2 },
      { name: 'a', size, ...LIF },
    ],
    [{ source: 'in', target: 'a', weights: 3, delays: 1 }],
  )
const header = encodeSpikeHeader({ group: 'a', size: 3 })

/** A copy of the recording in which the spikes of one group are others. */
function withSpikes(folder: string, ...spikes: readonly { readonly time: number; readonly unit: number }[]): void {
  cpSync('whole', folder, { recursive: true })
  const window = { start: 0, end: 10 }
  const [times, units] = [spikes.map(({ time }) => time), spikes.map(({ unit }) => unit)]
  const offsets = Uint32Array.of(0, spikes.length)
  const trains = { offsets, times: Float64Array.from(times), units: Uint32Array.from(units) }
  const block = encodeSpikeBlock({ number: 0, window, trains }, 1)
  writeFileSync(`${folder}/a.spikes`, Buffer.concat([header, block]))
}

beforeAll(async () => {
  files.write('network.json', network(3))
  files.write('other.json', network(4))
  files.write('input.json', { in: { times: [1, 2, 12, 22], units: [0, 1, 0, 1] } })
  const line = 'simulate network.json --input input.json --until 30 --segment 10 --record in,a --out whole'
  expect((await run(...line.split(' '))).code).toBe(0)
  cpSync('whole', 'short', { recursive: true })
  truncateSync('short/a.spikes', readFileSync('whole/a.spikes').length - 1)
  cpSync('whole', 'nothing', { recursive: true })
  truncateSync('nothing/a.spikes', header.length)
  withSpikes('stranger', { time: 1, unit: 7 })
  withSpikes('late', { time: 1, unit: 0 }, { time: 11, unit: 0 })
  withSpikes('backwards', { time: 2, unit: 0 }, { time: 1, unit: 0 })
})

describe('a recording', () => {
  const SHORT = 'short/a.spikes ends at 20 ms, that of "in" at 30 ms; all groups are used until 20 ms.'
  const report = (folder: string) => ['chip-report', 'network.json', '--chip', 'loihi', '--recording', folder]
  const place = (folder: string) => ['place', 'network.json', '--chip', 'loihi', '--rates-from', folder]

  test.each([['chip-report', report] as const, ['place', place] as const])(
    'that ends earlier in one group is used until then, which %s says',
    async (_, lineOf) => {
      const [whole, short] = [await run(...lineOf('whole')), await run(...lineOf('short'))]
      expect(whole).toMatchObject({ code: 0, err: '' })
      expect(short).toMatchObject({ code: 0, err: `antidrome: ${SHORT}\n` })
      const json = await run(...lineOf('short'), '--json')
      expect(jsonLines(json.err)).toEqual([{ warning: { code: 'RECORDING_SHORT', message: SHORT } }])
    },
  )

  test('counts until there', async () => {
    const stepsOf = async (folder: string) => jsonLines((await run(...report(folder), '--json')).out)[0]?.steps
    expect([await stepsOf('whole'), await stepsOf('short')]).toEqual([30, 20])
  })

  test('without a spike sends no packet', async () => {
    withSpikes('silent')
    const { code, out } = await run(...place('silent'))
    expect(code).toBe(0)
    expect(out).toMatch(/^packets with the spikes given: [^;]+; /m)
    files.write('silent.json', { in: 0, a: 0 })
    expect((await run(...place('silent.json'))).out).toContain(
      'packets with the spikes given, all of which are 0: none\n',
    )
  })
})

describe('what is refused', () => {
  const report = 'chip-report network.json --chip loihi --recording'
  const place = 'place network.json --chip loihi --rates-from'
  testRefusals([
    [`${report} nothing`, 'RECORDING_EMPTY', '--recording', 'nothing/a.spikes'],
    [`${place} nothing`, 'RECORDING_EMPTY', '--rates-from', 'nothing/a.spikes'],
    [`${report} stranger`, 'INPUT_UNIT', '--recording: a.units[0]', 'stranger/a.spikes', 'from 0 to 2'],
    [`${place} stranger`, 'INPUT_UNIT', '--rates-from: a.units[0]', 'stranger/a.spikes', 'found 7'],
    [`${report} late`, 'RASTER_TIME', '--recording: a.times[1]', 'late/a.spikes', 'found 11 ms'],
    [`${place} backwards`, 'INPUT_ORDER', '--rates-from: a.times[1]', 'backwards/a.spikes'],
    ['place other.json --chip loihi --rates-from whole', 'RECORDING_NETWORK', '--rates-from', 'whole'],
    ['chip-report other.json --chip loihi --recording whole', 'RECORDING_NETWORK', '--recording', 'whole'],
  ])
})
