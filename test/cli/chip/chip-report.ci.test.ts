import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { floorPlan } from '../../../src/cli/chip/chip-pictures.js'
import { formatChipPlacement } from '../../../src/hardware/chip-placement/chip-placement-file.js'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { chipCongestion } from '../../../src/hardware/congestion/find-congestion.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { fitChip } from '../../../src/hardware/fit/fit-chip.js'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { chipReport } from '../../../src/hardware/report/report-chip.js'
import { tallyOf } from '../../../src/hardware/tally/tally-of.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { formatJson } from '../../../src/storage/format-json.js'
import { trainsOf } from '../../learning/trains.js'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { testRefusals } from './refusals.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const LIF = { kind: 'lif', tauMem: 20, tauSyn: 5, threshold: 1 }
const CONTENT = networkFile(
  [
    { name: 'in', kind: 'source', size: 4 },
    { name: 'a', size: 70, ...LIF },
    { name: 'b', size: 3, ...LIF },
  ],
  [
    { source: 'in', target: 'a', weights: 2.5, delays: 1 },
    { source: 'a', target: 'b', connect: { rule: 'fixedInDegree', inDegree: 9 }, weights: 0.8, delays: 2 },
  ],
)
const NETWORK = files.write('network.json', CONTENT)
const TIMES = { times: [1, 2, 3, 3.5, 8], units: [0, 1, 2, 3, 0] }
const INPUT = files.write('input.json', { in: TIMES })
const UNTIL = 30
const WITH_INPUT = [NETWORK, '--input', INPUT, '--until', String(UNTIL)]

const TRUENORTH = chipProfile('truenorth')
const tickOf = (value: number) => ({ value, unit: 'ms', provenance: 'assumed', source: 'a test' }) as const

const reportsOf = (out: string) => jsonLines(out).filter(({ reported }) => reported === true)

describe('chip-report', () => {
  // Where the blocks of `a` are best depends on how often each of them spikes.
  const uneven = networkFile(
    [
      { name: 'in', kind: 'source', size: 4 },
      { name: 'a', size: 250, ...LIF },
      { name: 'b', size: 3, ...LIF },
    ],
    [
      { source: 'in', target: 'a', connect: { rule: 'fixedInDegree', inDegree: 2 }, weights: 4, delays: 1 },
      { source: 'a', target: 'b', connect: { rule: 'fixedInDegree', inDegree: 60 }, weights: 0.2, delays: 1.3 },
    ],
  )
  const halfTicks = defineChipProfile({
    ...{ ...TRUENORTH, name: 'half', time: { ...TRUENORTH.time, tick: tickOf(0.5) } },
    core: { ...TRUENORTH.core, axonsOut: null, axonsOutPerUnit: null },
  })
  files.write('half.json', formatChipProfile(halfTicks))

  test.each([
    { chip: 'half.json', profile: halfTicks, tickMs: 0.5 },
    // Its time has no ticks.
    { chip: 'mesh:5x5', profile: chipProfile('mesh:5x5'), tickMs: 1 },
  ])('says of a run what the functions of the library say: $chip', async ({ chip, profile, tickMs }) => {
    const file = [files.write('uneven.json', uneven), '--input', INPUT, '--until', String(UNTIL)]
    const flags = ['--chip', chip, '--neurons-per-core', '32', '--seed', '3']
    const { code, out } = await run('chip-report', ...file, ...flags, '--json')
    expect(code).toBe(0)
    const network = parseNetwork(JSON.stringify(uneven))
    const given = trainsOf([TIMES.times.map((time, k) => ({ time, unit: TIMES.units[k]! }))])
    await using session = await open(network, { seed: 3 })
    const { spikes } = await session.simulate({ count: 1, until: UNTIL, inputs: { in: given } })
    const raster = { in: given, ...spikes }
    const tally = tallyOf(raster, network, { tickMs, until: UNTIL, seed: 3, time: profile.time.mode })
    const options = { seed: 3, neuronsPerCore: 32 }
    const placement = placeOnChip(network, profile, { ...options, spikes: tally.spikes })
    expect(placement).not.toEqual(placeOnChip(network, profile, options))
    const expected = chipReport(chipCounts(network, placement, profile, tally, { seed: 3 }), profile)
    expect(expected.forward.neuronSpikes).toBeGreaterThan(250)
    const congestion = chipCongestion(raster, network, placement, profile, { window: tickMs, until: UNTIL, seed: 3 })
    expect(congestion.links.length).toBeGreaterThan(1)
    expect(reportsOf(out)[0]).toMatchObject(JSON.parse(formatJson({ ...expected, congestion, timing: null })))
  })

  test('draws the placement that is given, and the links that its spikes pass', async () => {
    const network = parseNetwork(JSON.stringify(CONTENT))
    const profile = chipProfile('mesh:3x3')
    const placement = defineChipPlacement(network, profile, [
      { chip: 0, core: 8, slices: [{ group: 'in', start: 0, end: 4 }] },
      { chip: 0, core: 4, slices: [{ group: 'a', start: 0, end: 70 }] },
      { chip: 0, core: 0, slices: [{ group: 'b', start: 0, end: 3 }] },
    ])
    const file = files.write('placed.json', formatChipPlacement(network, profile, placement))
    const flags = ['--chip', 'mesh:3x3', '--placement', file, '--pictures', 'placed']
    const { code, out } = await run('chip-report', ...WITH_INPUT, ...flags)
    expect(code).toBe(0)
    expect(out).toMatch(/\nbusiest links, packets in 1 ms: 1,1 -> 0,1 \d+ from 6 ms; 0,1 -> 0,0 /)
    expect((await run('chip-report', ...WITH_INPUT, ...flags.slice(0, 4))).out).toBe(out)
    const fit = fitChip(network, profile, { seed: 0, placement })
    const picture = readFileSync('placed/mesh-3x3-floor-plan.svg', 'utf8')
    expect(picture.match(/<g><title>.*?<\/g>/gs)).toEqual(
      String(floorPlan('', profile, fit, null)['floor-plan']).match(/<g><title>.*?<\/g>/gs),
    )
    expect(picture.match(/<line /g)).toHaveLength(4)
  })

  test('tells what does not fit before it simulates anything', async () => {
    const forever = files.write('forever.json', networkFile([{ name: 'a', size: 400, ...LIF, bias: 1e3 }], []))
    const flags = ['--until', '1e8', '--chip', 'loihi', '--neurons-per-core', '1']
    const { code, err } = await run('chip-report', forever, ...flags)
    expect([code, err]).toEqual([2, expect.stringContaining('PLACEMENT_CAPACITY')])
    const endless = await run('chip-report', forever, '--until', '1e300', '--chip', 'loihi')
    expect([endless.code, endless.err]).toEqual([2, expect.stringContaining('--until: found 1e+300 ms')])
  })

  test('takes 32 samples of a task, or as many as one says, to their end or an earlier one', async () => {
    const stepsOf = async (...flags: readonly string[]) => {
      const { out } = await run('chip-report', 'temporal-patterns', '--chip', 'loihi', ...flags, '--json')
      const [{ trials, steps } = {}] = reportsOf(out)
      return { trials, steps }
    }
    const { trials, steps } = await stepsOf()
    expect(trials).toBe(32)
    expect(await stepsOf('--samples', '4')).toEqual({ trials: 4, steps: (steps as number) / 8 })
    expect(await stepsOf('--samples', '4', '--until', '50')).toEqual({ trials: 4, steps: 200 })
  })

  test('takes the spikes of a recording, and says the same', async () => {
    const recorded = await run('simulate', ...WITH_INPUT, '--record', 'in,a,b', '--out', 'recording')
    expect(recorded.code).toBe(0)
    const chip = ['--chip', 'loihi', '--json']
    const simulated = await run('chip-report', ...WITH_INPUT, ...chip, '--kernel', 'reference')
    const read = await run('chip-report', NETWORK, '--recording', 'recording', ...chip)
    expect(read).toEqual(simulated)
  })

  test('reports on samples of a task, and on a network that was trained on it', async () => {
    const preset = files.write('tiny.json', TINY_PRESET)
    await run('train', 'temporal-patterns', '--preset', preset, '--name', 'r', '--json')
    const flags = ['--chip', 'loihi-silicon', '--samples', '3', '--json']
    const { code, out, err } = await run('chip-report', 'runs/r', ...flags)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const task = await run('chip-report', 'temporal-patterns', ...flags)
    const [trained, fresh] = [out, task.out].map((text) => reportsOf(text)[0])
    expect(trained).toMatchObject({ trials: 3, loss: { groups: ['output'] } })
    expect(fresh).toMatchObject({ trials: 3, loss: { groups: ['output'] } })
    expect(trained?.network).not.toEqual(fresh?.network)
  })

  test('notices that the network of a run is another one by now', async () => {
    const trained = JSON.parse(readFileSync('runs/r/network.json', 'utf8'))
    cpSync('runs/r', 'runs/changed', { recursive: true })
    files.write('runs/changed/network.json', { ...trained, projections: trained.projections.slice(1) })
    const { code, err } = await run('chip-report', 'runs/changed', '--chip', 'loihi', '--json')
    expect(code).toBe(2)
    const file = 'runs/changed/network.json'
    expect(jsonLines(err)[0]?.error).toMatchObject({ code: 'RUN_NETWORK', file })
    // Which can be placed, and looked at: it is a network.
    for (const line of [
      ['place', '--chip', 'loihi'],
      ['doctor', '--json'],
    ]) {
      const [command = '', ...flags] = line
      const [ofFile, ofRun] = [await run(command, file, ...flags), await run(command, 'runs/changed', ...flags)]
      expect(ofFile).toMatchObject({ code: 0 })
      expect(ofRun).toEqual(ofFile)
    }
    const nothing = await run('doctor', 'runs')
    expect(nothing).toMatchObject({
      code: 2,
      err: expect.stringContaining('Give a network file, or the folder of a run.'),
    })
  })

  test('puts several chips into one table, and draws each of them', async () => {
    const { code, out } = await run(
      'chip-report',
      ...WITH_INPUT,
      ...['--chip', 'half.json,mesh:3x3', '--neurons-per-core', '32'],
      ...['--pictures', 'drawn'],
    )
    expect(code).toBe(0)
    expect(out).toMatch(/^ +half +mesh:3x3\ncores +\d+ +\d+\n/)
    const drawn = ['half', 'mesh-3x3'].flatMap((name) => {
      return ['energy', 'floor-plan', 'traffic'].map((what) => `${name}-${what}.svg`)
    })
    expect(new Set(readdirSync('drawn'))).toEqual(new Set(drawn))
    for (const picture of drawn.filter((name) => name.includes('floor')))
      expect(readFileSync(`drawn/${picture}`, 'utf8')).toContain('<line ')
  })

  test('tells in the order of --chip for which of several it cannot be done', async () => {
    const line = ['chip-report', ...WITH_INPUT, '--chip', 'spinnaker,loihi,loihi2']
    const json = await run(...line, '--json')
    expect(jsonLines(json.out)).toMatchObject([
      { reported: false, profile: 'spinnaker', reason: expect.stringContaining('what a core has room for') },
      { reported: true, profile: 'loihi', congestion: { window: 1 } },
      { reported: true, profile: 'loihi2', congestion: { window: 1 } },
    ])
    const { code, out } = await run(...line)
    expect(code).toBe(0)
    expect(out).toMatch(/^ +loihi +loihi2\n.*\n\nspinnaker: --neurons-per-core: found [^\n]*\n$/s)
  })

  test('tells what is unknown, and a bound where there is one', async () => {
    const { out } = await run('chip-report', ...WITH_INPUT, '--chip', 'loihi')
    expect(out).toMatch(/\nsynapse +at least [\d.]+ [pnµ]J /)
    expect(out).toMatch(/\npacketOut +unknown /)
    expect(out).toContain('Not known of loihi: spikeOut, packetOut')
    expect(out).toContain('Gradients cannot travel on this chip')
  })
})

describe('a run in which nothing spikes', () => {
  const warningsOf = ({ err }: { err: string }) => jsonLines(err).map(({ warning }) => warning)

  test('is told, with the sources that are given nothing', async () => {
    const line = ['chip-report', NETWORK, '--until', '10', '--chip', 'loihi,loihi2', '--json']
    const silent = {
      code: 'RUN_SILENT',
      message: expect.stringContaining('"in" is given no spikes; give them with --input FILE.'),
    }
    expect(warningsOf(await run(...line))).toEqual([silent])
    files.write('none.json', {})
    const message = 'nothing spikes in this run, so no packet is sent.'
    expect(warningsOf(await run(...line, '--input', 'none.json'))).toEqual([{ code: 'RUN_SILENT', message }])
  })

  test('is no run that has its input, or spikes by itself', async () => {
    const lively = files.write('lively.json', networkFile([{ name: 'a', size: 4, ...LIF, bias: 9 }], []))
    for (const line of [WITH_INPUT, [lively, '--until', '30']])
      expect(warningsOf(await run('chip-report', ...line, '--chip', 'loihi', '--json'))).toEqual([])
  })
})

describe('a profile of one’s own', () => {
  const energyOf = (synapse: object) => {
    const { energy, ...loihi } = chipProfile('loihi')
    const own = { ...energy, synapse: { ...energy.synapse, ...synapse } as typeof energy.synapse }
    return formatChipProfile({ ...loihi, name: 'mine', energy: own })
  }

  test('that cannot be added up is named with its file', async () => {
    files.write('mixed.json', energyOf({ kind: 'average' }))
    const { code, err } = await run('chip-report', ...WITH_INPUT, '--chip', 'mixed.json')
    expect(code).toBe(2)
    expect(err).toContain('antidrome: mixed.json: --chip: energy.idle: found a figure of mine that is marginal, beside')
  })

  test('in which an energy is at least 0 is not told to have none', async () => {
    files.write('least.json', energyOf({ value: 0, bound: 'atLeast', range: undefined }))
    const { out } = await run('chip-report', ...WITH_INPUT, '--chip', 'least.json')
    expect(out).toMatch(/\nsynapse +at least 0 pJ +- /)
  })
})

describe('what is refused', () => {
  mkdirSync('empty')
  files.write(
    'larger.json',
    networkFile(
      [
        { name: 'in', kind: 'source', size: 4 },
        { name: 'a', size: 96, ...LIF },
      ],
      [],
    ),
  )
  beforeAll(() => run('simulate', ...WITH_INPUT, '--record', 'a', '--out', 'partial'))

  testRefusals([
    ['chip-report network.json', 'FLAG_MISSING', '--chip'],
    ['chip-report network.json --chip loihi --samples 2', 'FLAG_CONFLICT', '--samples'],
    [
      'chip-report yin-yang --chip loihi --samples 1001',
      'OPTION_OUT_OF_RANGE',
      '--samples',
      'at most 1000, the samples',
    ],
    ['chip-report yin-yang --chip loihi --input input.json', 'FLAG_CONFLICT', '--input'],
    ['chip-report network.json --chip loihi --recording partial --input input.json', 'FLAG_CONFLICT', '--input'],
    ['chip-report network.json --chip loihi --recording partial', 'RASTER_GROUP', '--recording', 'simulate --record'],
    ['chip-report larger.json --chip loihi --recording partial', 'RECORDING_NETWORK', '--recording', 'partial'],
    ['chip-report network.json --chip loihi --recording empty', 'FILE_UNREADABLE', 'manifest.json', 'simulate --out'],
    ['chip-report network.json --chip loihi --until 1e12', 'OPTION_OUT_OF_RANGE', '--until', '1000000000000 ms'],
    ['chip-report network.json --chip loihi --pictures network.json/x', 'FILE_UNWRITABLE', '--pictures'],
    ['chip-report empty --chip loihi', 'FILE_UNREADABLE', 'file'],
    ['chip-report network.json --chip mesh:0x2', 'FLAG_VALUE', '--chip', 'such as mesh:2x2'],
    [
      'chip-report network.json --chip loihi --placement p.json --neurons-per-core 32',
      'FLAG_CONFLICT',
      '--neurons-per-core',
    ],
    ['chip-report network.json --chip loihi,loihi2 --placement p.json', 'FLAG_CONFLICT', '--placement'],
  ])
})
