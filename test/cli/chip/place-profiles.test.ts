import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'

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
    const input = files.write('i.json', { in: { times: [1, 2], units: [0, 39] } })
    await run('simulate', NETWORK, '--input', input, '--until', '30', '--record', 'in,hidden,out', '--out', 'rec')
    const recorded = await betweenOf('--rates-from', 'rec')
    expect(recorded).toBeGreaterThan(0)
    expect(recorded).toBeLessThan(once)
  })

  test('of a chip of one’s own, and of several chips beside each other', async () => {
    files.write('mine.json', formatChipProfile({ ...chipProfile('loihi'), name: 'mine' }))
    const own = await run('place', NETWORK, '--chip', 'mine.json', '--json')
    expect(summaryOf(own.out)).toMatchObject({ profile: 'mine', available: 128 })
    const four = await run('place', NETWORK, '--chip', 'mine.json', '--chips', '2x2', '--json')
    expect(summaryOf(four.out)).toMatchObject({ available: 512 })
  })

  test('of several profiles is one table, with what does not fit above it', async () => {
    const { code, out } = await run('place', NETWORK, '--chip', 'loihi,truenorth', '--chips', '1x1')
    expect(code).toBe(0)
    expect(out).toMatch(/^truenorth: --chip: found .*\n/)
    expect(out).toMatch(/\nloihi: 2 of 128 cores on 1 of 1 chips\n/)
    const both = await run('place', NETWORK, '--chip', 'loihi,loihi2')
    expect(both.out).toMatch(/^ +loihi +loihi2\ncores in use +2 +\d+\n/)
    const json = await run('place', NETWORK, '--chip', 'loihi,truenorth', '--json')
    expect(jsonLines(json.out).filter(({ placed }) => placed !== undefined)).toMatchObject([
      { placed: true, profile: 'loihi' },
      { placed: false, profile: 'truenorth', reason: expect.stringContaining('256 axons in') },
    ])
  })
})

describe('what is refused', () => {
  test.each<{ says: string; flags: string[]; mistake: object }>([
    {
      says: 'a chip that nobody knows',
      flags: ['--chip', 'lohi'],
      mistake: { code: 'FILE_UNREADABLE', field: '--chip' },
    },
    { says: 'a chip twice', flags: ['--chip', 'loihi,loihi'], mistake: { code: 'FLAG_VALUE', field: '--chip' } },
    {
      says: 'a size of chips',
      flags: ['--chip', 'loihi', '--chips', '0x2'],
      mistake: { code: 'FLAG_VALUE', field: '--chips' },
    },
    {
      says: 'a core of unknown size',
      flags: ['--chip', 'spinnaker'],
      mistake: { code: 'CHIP_ROOM_UNKNOWN', field: '--neurons-per-core' },
    },
    {
      says: 'a network too large',
      flags: ['--chip', 'truenorth'],
      mistake: { code: 'PLACEMENT_CAPACITY', field: '--chip' },
    },
    {
      says: 'a file for several chips',
      flags: ['--chip', 'loihi,loihi2', '--out', 'x.json'],
      mistake: { code: 'FLAG_CONFLICT', field: '--out' },
    },
    {
      says: 'a flag of profiles beside a mesh',
      flags: ['--chip', 'mesh:2x2', '--pictures', 'x'],
      mistake: { code: 'FLAG_CONFLICT', field: '--pictures' },
    },
    {
      says: 'rates of a stranger',
      flags: ['--chip', 'loihi', '--rates-from', 'stranger.json'],
      mistake: { code: 'GROUP_UNKNOWN', field: '--rates-from' },
    },
    {
      says: 'rates of another size',
      flags: ['--chip', 'loihi', '--rates-from', 'short.json'],
      mistake: { code: 'SHAPE_MISMATCH', field: '--rates-from' },
    },
    { says: 'a damaged profile', flags: ['--chip', 'bad.json'], mistake: { file: 'bad.json' } },
  ])('$says', async ({ flags, mistake }) => {
    files.write('stranger.json', { nobody: 1 })
    files.write('short.json', { hidden: [1, 2] })
    files.write('bad.json', { format: 'antidrome-chip', version: 1, name: 'bad' })
    const { code, out, err } = await run('place', NETWORK, '--json', ...flags)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(mistakeOf(err)).toMatchObject(mistake)
    expect(existsSync('x.json') || existsSync('x')).toBe(false)
  })

  test('says with what does not fit what would help', async () => {
    const { err } = await run('place', NETWORK, '--chip', 'truenorth')
    expect(err).toContain('out fits no number of truenorth cores, for neuron 0 of out alone does not fit one')
    expect(err).toContain('choose a chip with larger cores')
  })
})
