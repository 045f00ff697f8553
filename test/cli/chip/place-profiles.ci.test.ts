import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { parseChipPlacement } from '../../../src/hardware/chip-placement/chip-placement-file.js'
import { placeOnChip } from '../../../src/hardware/chip-placement/place-on-chip.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { chipPlacementHash } from '../../../src/hardware/placement-hash.js'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'
import { testRefusals } from './refusals.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const LIF = { kind: 'lif', tauMem: 20, tauSyn: 5, threshold: 1 }
const layers = (hidden: number) =>
  networkFile(
    [
      { name: 'in', kind: 'source', size: 40 },
      { name: 'hidden', size: hidden, ...LIF },
      { name: 'out', size: 5, ...LIF },
    ],
    [
      { source: 'in', target: 'hidden', weights: 0.1, delays: 1 },
      { source: 'hidden', target: 'out', weights: 0.1, delays: 1 },
    ],
  )
const NETWORK = files.write('network.json', layers(1500))
const OTHER = files.write('other.json', layers(1400))

const summaryOf = (out: string) => jsonLines(out).find(({ placed }) => placed !== undefined)
const mistakeOf = (err: string) => jsonLines(err)[0]?.error as { readonly code: string; readonly field: string }

describe('place on a chip with a profile', () => {
  test('writes a placement that is read again, and draws it', async () => {
    const placed = await run('place', NETWORK, '--chip', 'loihi', '--json', '--out', 'p.json', '--pictures', 'pictures')
    expect(placed.code).toBe(0)
    const cores = jsonLines(placed.out).filter(({ core }) => core !== undefined)
    expect(summaryOf(placed.out)).toMatchObject({ placed: true, profile: 'loihi', fits: true, cores: cores.length })
    expect(readdirSync('pictures')).toEqual(['loihi-floor-plan.svg'])
    expect(readFileSync('pictures/loihi-floor-plan.svg', 'utf8')).toContain('hidden[')
    const read = await run('place', NETWORK, '--chip', 'loihi', '--json', '--placement', 'p.json')
    expect(read.out).toBe(placed.out)
  })

  test('exports chip and core of every unit, in the order of the network', async () => {
    for (const file of ['units.csv', 'units.json']) {
      const { code, err } = await run('place', NETWORK, '--chip', 'loihi', '--placement', 'p.json', '--export', file)
      expect([code, err]).toEqual([0, `${file} is written.\n`])
    }
    const network = parseNetwork(readFileSync(NETWORK, 'utf8'))
    const placement = parseChipPlacement(readFileSync('p.json', 'utf8'), network, chipProfile('loihi'))
    const [first, second, third, head, ...lines] = readFileSync('units.csv', 'utf8').trimEnd().split('\n')
    const { units, ...said } = JSON.parse(readFileSync('units.json', 'utf8')) as { units: object[] }
    const { network: structure, profile } = JSON.parse(readFileSync('p.json', 'utf8'))
    const hash = chipPlacementHash(placement)
    expect(said).toEqual({
      ...{ format: 'antidrome-placed-units', version: 1, network: structure, profile, placement: hash },
      chips: { columns: 1, rows: 1 },
    })
    expect([first, second, third, head]).toEqual([
      `# network ${structure}`,
      `# profile loihi ${profile.layout}`,
      `# placement ${hash}`,
      'group,unit,chip,core',
    ])
    const expected = network.groups.flatMap(({ name, size }) =>
      Array.from({ length: size }, (_, unit) => {
        const place = placement.cores.find(({ slices }) =>
          slices.some(({ group, start, end }) => group === name && start <= unit && unit < end),
        )
        return { group: name, unit, chip: place?.chip, core: place?.core }
      }),
    )
    expect(units).toEqual(expected)
    expect(lines).toEqual(expected.map((unit) => Object.values(unit).join(',')))
  })

  test('takes cores in order where nobody wants them searched', async () => {
    const coresOf = async (...effort: string[]) => {
      const { out } = await run('place', 'mnist', '--chip', 'loihi', ...effort, '--json')
      return jsonLines(out).flatMap(({ core }) => (core === undefined ? [] : [core as number]))
    }
    const inOrder = await coresOf('--effort', 'none')
    expect(inOrder).toEqual(inOrder.map((_, k) => k))
    expect(await coresOf()).not.toEqual(inOrder)
  })

  test('refuses a placement of another network, and of another chip', async () => {
    const chip = await run('place', NETWORK, '--chip', 'loihi-silicon', '--json', '--placement', 'p.json')
    expect(chip.code).toBe(2)
    expect(mistakeOf(chip.err)).toMatchObject({ code: 'PLACEMENT_PROFILE' })
    const network = await run('place', OTHER, '--chip', 'loihi', '--json', '--placement', 'p.json')
    expect(mistakeOf(network.err)).toMatchObject({ code: 'PLACEMENT_NETWORK', file: 'p.json' })
  })

  test('counts the packets of the spikes that are given', async () => {
    const betweenOf = async (...flags: string[]) => {
      const { out } = await run('place', NETWORK, '--chip', 'loihi', '--json', '--placement', 'p.json', ...flags)
      const forward = summaryOf(out)?.forward as { packets: Record<string, number> } | undefined
      return Object.values(forward?.packets ?? {}).reduce((sum, count) => sum + count, 0)
    }
    const once = await betweenOf()
    files.write('rates.json', { in: 3, hidden: 3, out: 3 })
    expect(await betweenOf('--rates-from', 'rates.json')).toBe(3 * once)
    files.write('silent.json', { in: 0, hidden: Array(1500).fill(0), out: 0 })
    expect(await betweenOf('--rates-from', 'silent.json')).toBe(0)
    const input = files.write('i.json', { in: { times: [1, 2, 3], units: [0, 39, 0] } })
    await run('simulate', NETWORK, '--input', input, '--until', '30', '--record', 'in,hidden,out', '--out', 'rec')
    const recorded = await betweenOf('--rates-from', 'rec')
    files.write('counted.json', { in: [2, ...Array(38).fill(0), 1], hidden: 0, out: 0 })
    expect(recorded).toBeGreaterThan(0)
    expect(recorded).toBe(await betweenOf('--rates-from', 'counted.json'))
  })

  test('of a chip of one’s own, and of several chips beside each other', async () => {
    files.write('mine.json', formatChipProfile({ ...chipProfile('loihi'), name: 'mine' }))
    const own = await run('place', NETWORK, '--chip', 'mine.json', '--json')
    expect(summaryOf(own.out)).toMatchObject({ profile: 'mine', available: 128 })
    const three = await run('place', NETWORK, '--chip', 'mine.json', '--chips', '3x1', '--json', '--out', 'three.json')
    expect(summaryOf(three.out)).toMatchObject({ available: 384 })
    expect(readFileSync('three.json', 'utf8')).toContain('"chips": {"columns":3,"rows":1}')
  })

  test('says what the functions of the library say', async () => {
    const flags = ['--chip', 'spinnaker', '--chips', '2x2', '--neurons-per-core', '32', '--seed', '2']
    files.write('more.json', { in: 4, hidden: 1, out: 2 })
    const { out } = await run('place', NETWORK, ...flags, '--rates-from', 'more.json', '--json')
    const network = parseNetwork(readFileSync(NETWORK, 'utf8'))
    const profile = withChips(chipProfile('spinnaker'), { columns: 2, rows: 2 })
    const spikes = { in: 4, hidden: 1, out: 2 }
    const placement = placeOnChip(network, profile, { seed: 2, neuronsPerCore: 32, spikes })
    const tally = { trials: 1, steps: 4, spikes, activeSteps: { hidden: 4, out: 4 } }
    const { packets, hops, linkCrossings } = chipCounts(network, placement, profile, tally, { seed: 2 }).forward
    expect(hops).not.toEqual(linkCrossings)
    const summary = { hash: chipPlacementHash(placement), forward: { packets, hops, linkCrossings } }
    expect(summaryOf(out)).toMatchObject(summary)
  })

  test('of several profiles is one table, with what does not fit below it', async () => {
    const { code, out } = await run('place', NETWORK, '--chip', 'truenorth,loihi', '--chips', '1x1')
    expect(code).toBe(0)
    expect(out).toMatch(/^chip +core .*\nloihi: 2 of 128 cores on 1 of 1 chip\n.*\n\ntruenorth: --chip: found /s)
    const both = await run('place', NETWORK, '--chip', 'loihi,mesh:2x2,loihi2', '--neurons-per-core', '800')
    expect(both.out).toMatch(/^ +loihi +mesh:2x2 +loihi2\ncores in use +2 +\d+ +\d+\n/)
    const json = await run('place', NETWORK, '--chip', 'truenorth,loihi', '--json')
    expect(jsonLines(json.out).filter(({ placed }) => placed !== undefined)).toMatchObject([
      { placed: false, profile: 'truenorth', reason: expect.stringContaining('256 axons in') },
      { placed: true, profile: 'loihi' },
    ])
  })

  test('prints no control characters of a profile', async () => {
    const mine = { ...chipProfile('loihi'), name: 'mine' }
    files.write('loud.json', formatChipProfile(mine).replace('"mine"', '"red \\u001b[31m"'))
    files.write('hidden.json', formatChipProfile(mine).replace('"comments"', '"\\u009b31m": 1, "comments"'))
    for (const [file, text] of [
      ['loud.json', 'name: found "red \\u001b[31m", expected'],
      ['hidden.json', '\\u009b31m: found an unknown field'],
    ] as const) {
      const { code, err } = await run('place', NETWORK, '--chip', file)
      expect(code).toBe(2)
      expect(err).toContain(`antidrome: ${file}: ${text}`)
    }
  })

  test('names the groups of which the spikes are assumed, of those that spike', async () => {
    const { groups, projections } = layers(8) as Record<string, readonly object[]>
    const readout = { name: 'sum', kind: 'li', size: 2, tauMem: 20, tauSyn: 5 }
    const file = networkFile([...groups!, readout], [...projections!, { source: 'out', target: 'sum', weights: 1 }])
    const network = files.write('readout.json', file)
    const ratesOf = async (rates: object) => {
      files.write('some.json', rates)
      const line = ['place', network, '--chip', 'loihi', '--rates-from', 'some.json']
      const [text, json] = [await run(...line), await run(...line, '--json')]
      return { words: /^packets (.*?): /m.exec(text.out)?.[1], assumed: summaryOf(json.out)?.assumed }
    }
    expect(await ratesOf({ in: 2 })).toEqual({
      words: 'with the spikes given, and if every unit of hidden and out spikes once, which is assumed',
      assumed: ['hidden', 'out'],
    })
    expect(await ratesOf({ in: 2, hidden: 0, out: 1 })).toEqual({ words: 'with the spikes given', assumed: [] })
    files.write('still.json', { in: 0, hidden: Array(8).fill(0), out: 0 })
    const still = await run('place', network, '--chip', 'loihi', '--rates-from', 'still.json')
    expect(still.out).toContain('\npackets with the spikes given, all of which are 0: none\n')
  })

  test('says where it is written, also over an older one', async () => {
    for (const chip of ['loihi', 'loihi-silicon']) {
      const { code, err } = await run('place', NETWORK, '--chip', chip, '--out', 'again.json', '--overwrite')
      expect({ code, err }).toEqual({ code: 0, err: 'again.json is written.\n' })
      expect(readFileSync('again.json', 'utf8')).toContain(`{"name":"${chip}"`)
    }
  })

  test('says if there are too many tiles to draw', async () => {
    const { code, err } = await run('place', NETWORK, '--chip', 'loihi', '--chips', '200x100', '--pictures', 'vast')
    expect({ code, made: existsSync('vast') }).toEqual({ code: 0, made: false })
    expect(err).toBe(
      'antidrome: vast/loihi-floor-plan.svg is left out: loihi is of 640,000 tiles, for more than 20,000 are not drawn.\n',
    )
  })
})

describe('what is refused', () => {
  files.write('stranger.json', { nobody: 1 })
  files.write('short.json', { hidden: [1, 2] })
  files.write('word.json', { in: 'x' })
  files.write('endless.json', { in: 2, hidden: 1e308 })
  files.write('many.json', { in: 2 ** 20, hidden: 2 ** 19 })
  const dead = { ...chipProfile('loihi'), deadLinks: [{ x: 7, y: 0, towards: 'east' as const }] }
  files.write('edge.json', formatChipProfile(dead))
  files.write('bad.json', { format: 'antidrome-chip', version: 1, name: 'bad' })
  files.write('notes.txt', 'not to be lost')

  testRefusals([
    ['place network.json --chip lohi', 'FILE_UNREADABLE', '--chip', 'Did you mean "loihi"?'],
    ['place network.json --chip loihi,loihi', 'FLAG_VALUE', '--chip', '"loihi" twice'],
    ['place network.json --chip loihi,,loihi2', 'FLAG_VALUE', '--chip', 'a name is empty'],
    ['place network.json --chip mesh:2,loihi', 'FLAG_VALUE', '--chip', 'found "mesh:2",'],
    ['place network.json --chip loihi --chips 0x2', 'FLAG_VALUE', '--chips'],
    ['place network.json --chip loihi --chips 99999x2', 'FLAG_VALUE', '--chips', 'each from 1 to 9999'],
    ['place network.json --chip mesh:9999999x2', 'FLAG_VALUE', '--chip', 'each from 1 to 999999'],
    ['place network.json --chip spinnaker', 'CHIP_ROOM_UNKNOWN', '--neurons-per-core'],
    ['place network.json --chip truenorth', 'PLACEMENT_CAPACITY', '--chip'],
    [
      'place network.json --chip loihi --neurons-per-core 1',
      'PLACEMENT_CAPACITY',
      '--neurons-per-core',
      'a core have room for 32',
    ],
    ['place network.json --chip loihi,loihi2 --out x.json', 'FLAG_CONFLICT', '--out'],
    ['place network.json --chip loihi,loihi2 --placement p.json', 'FLAG_CONFLICT', '--placement'],
    ['place network.json --chip loihi --placement p.json --neurons-per-core 32', 'FLAG_CONFLICT', '--neurons-per-core'],
    ['place network.json --chip mesh:2x2 --pictures x', 'FLAG_CONFLICT', '--pictures'],
    ['place network.json --chip loihi --pictures network.json/x', 'FILE_UNWRITABLE', '--pictures'],
    ['place network.json --chip loihi --out notes.txt', 'FILE_EXISTS', '--out', 'notes.txt'],
    ['place network.json --chip loihi --out network.json', 'FILE_EXISTS', '--out', 'network.json'],
    ['place network.json --chip loihi --rates-from stranger.json', 'GROUP_UNKNOWN', '--rates-from: nobody'],
    ['place network.json --chip loihi --rates-from short.json', 'SHAPE_MISMATCH', '--rates-from: hidden'],
    [
      'place network.json --chip loihi --rates-from word.json',
      'FIELD_TYPE',
      '--rates-from: in',
      'found "x", expected a number, or a list of 40, one per unit',
    ],
    [
      'place network.json --chip loihi --rates-from endless.json',
      'OPTION_OUT_OF_RANGE',
      '--rates-from: hidden',
      'endless.json',
    ],
    [
      'place network.json --chip loihi --rates-from many.json',
      'OPTION_OUT_OF_RANGE',
      '--rates-from: hidden',
      '536870912',
    ],
    [
      'place network.json --chip loihi --rates-from pictures',
      'FILE_UNREADABLE',
      'manifest.json',
      'folder of a recording',
    ],
    ['place network.json --chip bad.json', 'FIELD_MISSING', 'chip', 'bad.json'],
    ['place network.json --chip edge.json', 'DEAD_LINK_UNKNOWN', '--chip: deadLinks[0]', 'edge.json'],
    ['place network.json --chip loihi --effort some', 'FLAG_VALUE', '--effort', 'one of none, quick, full'],
  ])

  test('has written nothing', () => {
    expect(existsSync('x.json') || existsSync('x')).toBe(false)
    expect(readFileSync('notes.txt', 'utf8')).toBe('not to be lost')
  })

  test('says how many chips would do, as the command has it', async () => {
    const { out } = await run('place', NETWORK, '--chip', 'mesh:4x1,loihi', '--neurons-per-core', '32')
    expect(out).toMatch(/\n\nmesh:4x1: --chip: found .* fit on 13 chips: take --chips 4x4\.\n$/s)
    expect(out.match(/would fit on \d+ chips/g)).toHaveLength(1)
  })

  test('says so before the synapses of rules are drawn, which would take minutes', async () => {
    const into = (source: string, target: string) => {
      return { source, target, connect: { rule: 'fixedInDegree', inDegree: 1000 }, weights: 0.1, delays: 1 }
    }
    const groups = ['a', 'b'].map((name) => ({ name, size: 250_000, ...LIF }))
    const vast = files.write('vast.json', networkFile(groups, [into('a', 'b'), into('b', 'a')]))
    const { code, err } = await run('place', vast, '--chip', 'loihi')
    expect(code).toBe(2)
    expect(err).toMatch(/a fits no number of loihi cores, .* it has [\d,]+ axons in/)
  })

  test('says with what does not fit what would help', async () => {
    const { err } = await run('place', NETWORK, '--chip', 'truenorth')
    expect(err).toContain('out fits no number of truenorth cores, for neuron 0 of out alone does not fit one')
    expect(err).toContain('with 1,500 axons in, expected at most 256 axons in on a core of truenorth')
    expect(err.match(/hoose a chip with larger cores/g)).toHaveLength(1)
  })
})
