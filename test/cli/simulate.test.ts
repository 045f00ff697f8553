import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { CLOSED_FORM, createFiles, jsonLines, networkFile, run, simulatedLines } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const network = files.write('closed-form.json', CLOSED_FORM)
const input = files.write('input.json', { input: { times: [2], units: [0] } })

/** From the arrival on, in ms. */
const SPIKE = 10 * Math.log(1.5)

const layers = files.write(
  'layers.json',
  networkFile(
    [
      { name: 'input', kind: 'source', size: 2 },
      { name: 'hidden', kind: 'lif', size: 2, tauMem: 10, tauSyn: 5, threshold: 1 },
      { name: 'out', kind: 'lif', size: 1, tauMem: 10, tauSyn: 5, threshold: 1 },
      { name: 'readout', kind: 'li', size: 1, tauMem: 10, tauSyn: 5 },
    ],
    [
      {
        source: 'input',
        target: 'hidden',
        weights: [
          [4.5, null],
          [null, 4.5],
        ],
      },
      { source: 'hidden', target: 'readout', weights: [[2, 0]] },
    ],
  ),
)
const twoInputs = files.write('two-inputs.json', { input: { times: [0, 3], units: [1, 0] } })

describe('simulate', () => {
  test('a neuron spikes where its closed form does: at 2 + 1 + 10 ln 1.5 ms', async () => {
    const { code, out, err } = await run('simulate', network, '--input', input, '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(simulatedLines(out).lines).toEqual([{ group: 'out', times: [expect.closeTo(3 + SPIKE, 13)], units: [0] }])
    expect(out).toMatch(
      /^\{"group":"out","times":\[7\.0546510810816\d*\],"units":\[0\]\}\n\{"done":true,"digest":"[0-9a-f]{64}"\}\n$/,
    )
  })

  test('a trial ends before its end', async () => {
    const timesUntil = async (ms: number) => {
      const { out } = await run('simulate', network, '--input', input, '--until', String(ms), '--json')
      return (jsonLines(out)[0] as { times: number[] }).times
    }
    const [time = 0] = await timesUntil(20)
    expect(time).toBeGreaterThan(3)
    expect(await timesUntil(time)).toEqual([])
    expect(await timesUntil(time * (1 + Number.EPSILON))).toEqual([time])
  })

  test('without an input nothing happens', async () => {
    expect(simulatedLines((await run('simulate', network, '--json')).out).lines).toEqual([
      { group: 'out', times: [], units: [] },
    ])
  })

  test('all lif groups are recorded in file order, the silent ones too', async () => {
    const { out, err } = await run('simulate', layers, '--input', twoInputs, '--json')
    expect(err).toBe('')
    expect(simulatedLines(out).lines).toEqual([
      { group: 'hidden', times: [expect.closeTo(SPIKE, 13), expect.closeTo(3 + SPIKE, 13)], units: [1, 0] },
      { group: 'out', times: [], units: [] },
    ])
  })

  test('named groups are recorded in the order of the flag, sources without what lies beyond the end', async () => {
    const flags = ['--record', 'readout,input', '--until', '3', '--json']
    const { out } = await run('simulate', layers, '--input', twoInputs, ...flags)
    expect(simulatedLines(out).lines).toEqual([
      { group: 'readout', vMax: [0], vMaxTimes: [0] },
      { group: 'input', times: [0], units: [1] },
    ])
  })

  test('its digest is that of its numbers, of all that is recorded in the order of the network', async () => {
    const outOf = async (...flags: string[]) => {
      return simulatedLines((await run('simulate', layers, '--input', twoInputs, '--json', ...flags)).out)
    }
    const all = await outOf('--record', 'readout,out,hidden')
    const [readout, , hidden] = all.lines as { vMax: number[]; vMaxTimes: number[]; times: number[]; units: number[] }[]
    const numbers = [...hidden!.times, ...hidden!.units, ...readout!.vMax, ...readout!.vMaxTimes]
    expect(all.digest).toBe(createHash('sha256').update(Float64Array.from(numbers)).digest('hex'))
    expect((await outOf('--record', 'hidden,out,readout')).digest).toBe(all.digest)
    expect((await outOf('--record', 'hidden,input')).digest).toBe((await outOf('--record', 'input,hidden')).digest)
    expect((await outOf('--record', 'hidden,readout', '--until', '7')).digest).not.toBe(all.digest)
  })

  test('a readout tells its maximum: of 2 (x - x^2), which is 1/2 where x = 1/2', async () => {
    const { out } = await run('simulate', layers, '--input', twoInputs, '--record', 'readout', '--json')
    const [line] = jsonLines(out) as { vMax: number[]; vMaxTimes: number[] }[]
    expect(line?.vMax[0]).toBeCloseTo(0.5, 14)
    expect(line?.vMaxTimes[0]).toBeCloseTo(3 + 10 * Math.log(1.5) + 10 * Math.log(2), 6)
  })

  test('a drawn network depends on the seed alone', async () => {
    const drawn = files.write(
      'drawn.json',
      networkFile(
        [
          { name: 'input', kind: 'source', size: 1 },
          { name: 'out', kind: 'lif', size: 8, tauMem: 10, tauSyn: 5, threshold: 1 },
        ],
        [{ source: 'input', target: 'out', weights: { distribution: 'uniform', low: 5, high: 9 } }],
      ),
    )
    const outOf = async (...flags: string[]) => (await run('simulate', drawn, '--input', input, '--json', ...flags)).out
    const first = await outOf('--seed', '1')
    expect(await outOf('--seed', '1')).toBe(first)
    expect(await outOf('--seed', '2')).not.toBe(first)
    expect(await outOf()).toBe(await outOf('--seed', '0'))
  })

  test('without --json a person can read it', async () => {
    const { out } = await run('simulate', layers, '--input', twoInputs, '--record', 'hidden,out,readout')
    expect(out).toMatch(/hidden: 2 spikes\n +time \(ms\) {2}unit\n4\.0546510810816\d* +1\n7\.0546510810816\d* +0\n/)
    expect(out).toContain('out: 0 spikes\n')
    expect(out).toMatch(/readout\nunit +vMax +time \(ms\)\n +0 +0\.[45]/)
    expect(out).toMatch(/\n\ndigest {2}[0-9a-f]{64}\n$/)
  })
})

const MISTAKES = [
  { what: 'no JSON', network: '{"format": }', pieces: ['line 1, column 12', 'JSON_INVALID'] },
  { what: 'another format', network: '{"format": "nir"}', pieces: ['format: found "nir"', 'NETWORK_FORMAT'] },
  {
    what: 'a negative time constant',
    network: networkFile([{ name: 'a', kind: 'lif', size: 1, tauMem: -1, tauSyn: 5, threshold: 1 }], []),
    pieces: ['groups[0].tauMem: found -1', 'TIME_CONSTANT_NOT_POSITIVE'],
  },
  {
    what: 'an unknown group',
    network: networkFile([{ name: 'a', kind: 'source', size: 1 }], [{ source: 'a', target: 'b', weights: [[1]] }]),
    pieces: ['projections[0].target: found "b"', 'GROUP_UNKNOWN'],
  },
  {
    what: 'an input of an unknown group',
    input: { nobody: { times: [], units: [] } },
    pieces: ['nobody', 'GROUP_UNKNOWN'],
  },
  {
    what: 'input times that decrease',
    input: { input: { times: [2, 1], units: [0, 0] } },
    pieces: ['input.times[1]: found 1 after 2', 'INPUT_TIMES_UNSORTED'],
  },
  {
    what: 'a unit that is not there',
    input: { input: { times: [2], units: [1] } },
    pieces: ['input.units[0]: found 1', 'UNIT_OUT_OF_RANGE'],
  },
]

test.each(MISTAKES)('$what is refused with the name of the file', async ({ what, pieces, ...given }) => {
  const file = files.write(`${what}.json`, given.network ?? given.input ?? '')
  const argv = given.network === undefined ? [network, '--input', file] : [file]
  const { code, out, err } = await run('simulate', ...argv, '--json')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  const [{ error } = { error: null }] = jsonLines(err)
  const { code: errorCode, message } = error as { readonly code: string; readonly message: string }
  for (const piece of [file, ...pieces]) expect(`${message} [${errorCode}]`).toContain(piece)
})

test.each([
  { times: [5], told: 'the only input spike comes at 5 ms, when the trial is over: it ends at 5 ms.' },
  { times: [6, 7], told: 'all 2 input spikes come from 6 ms on, when the trial is over: it ends at 5 ms.' },
])('input at $times ms that comes after the end is told of', async ({ times, told }) => {
  const late = files.write('late.json', { input: { times, units: times.map(() => 0) } })
  const flags = [network, '--input', late, '--until', '5']
  const { code, err } = await run('simulate', ...flags)
  expect({ code, err }).toEqual({ code: 0, err: `antidrome: ${told} Give a larger --until.\n` })
  const { out, err: line } = await run('simulate', ...flags, '--json')
  expect(jsonLines(line)).toEqual([{ warning: { code: 'INPUT_LATE', message: `${told} Give a larger --until.` } }])
  expect(simulatedLines(out).lines).toEqual([{ group: 'out', times: [], units: [] }])
})

test('input of which some comes in time is not', async () => {
  const mixed = files.write('mixed.json', { input: { times: [1, 9], units: [0, 0] } })
  expect((await run('simulate', network, '--input', mixed, '--until', '5')).err).toBe('')
})

test('a group that is not there cannot be recorded', async () => {
  const { code, out, err } = await run('simulate', network, '--record', 'out,nobody')
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain('--record: found "nobody", expected groups of the network: input, out.')
})

describe('a run that may never end', () => {
  const ring = files.write(
    'ring.json',
    networkFile(
      [{ name: 'a', kind: 'lif', size: 1, tauMem: 10, tauSyn: 5, threshold: 1, bias: 2 }],
      [{ source: 'a', target: 'a', weights: [[-0.1]], delays: 1 }],
    ),
  )

  test('needs --until, and the message says why', async () => {
    const { code, err } = await run('simulate', ring)
    expect(code).toBe(2)
    expect(err).toContain('--until: found no end, and the cycle a -> a')
    expect(err).toContain('Give --until MS. [UNTIL_REQUIRED]')
  })

  test('runs with it: a bias of 2 meets the threshold after 10 ln 2 ms', async () => {
    const { code, out } = await run('simulate', ring, '--until', '10', '--json')
    expect(code).toBe(0)
    const [{ times } = { times: [] }] = jsonLines(out) as { times: number[] }[]
    expect(times).toHaveLength(1)
    expect(times[0]).toBeCloseTo(10 * Math.log(2), 14)
  })
})
