import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'
import { testRefusals } from './refusals.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const LIF = { kind: 'lif', tauMem: 20, tauSyn: 5, threshold: 1 }
const NETWORK = files.write(
  'network.json',
  networkFile(
    [
      { name: 'in', kind: 'source', size: 4 },
      { name: 'a', size: 100, ...LIF },
      { name: 'b', size: 40, ...LIF },
    ],
    [
      { source: 'in', target: 'a', weights: 2.5, delays: 1 },
      { source: 'a', target: 'b', weights: 0.1, delays: 2 },
    ],
  ),
)
const INPUT = files.write('input.json', { in: { times: [1, 2, 3, 3.5], units: [0, 1, 2, 3] } })
const TRIAL = [NETWORK, '--input', INPUT, '--until', '30']

/** A placement on cores that hold so few neurons that groups are cut. */
const placed = (async () => {
  const { code } = await run('place', NETWORK, '--chip', 'loihi', '--neurons-per-core', '64', '--out', 'p.json')
  expect(code).toBe(0)
})()

describe('a run on the cores of a chip', () => {
  test('has the bits of one core', async () => {
    await placed
    for (const [command, ...more] of [['simulate'], ['gradient', '--loss', 'loss.json']] as const) {
      files.write('loss.json', { kind: 'spikeCount', group: 'b', tau: 20, label: 0 })
      const one = await run(command, ...TRIAL, ...more, '--json')
      const cut = await run(command, ...TRIAL, ...more, '--json', '--placement', 'p.json', '--transport', 'local')
      expect(cut).toEqual(one)
      expect(one.code).toBe(0)
    }
    const verified = await run('verify', ...TRIAL, '--placement', 'p.json', '--transport', 'local', '--json')
    expect(jsonLines(verified.out).at(-1)).toMatchObject({ equal: true })
    expect(jsonLines(verified.out).map(({ cores }) => cores)).toContain(3)
  })

  test('goes for trainings, too', async () => {
    const preset = files.write('tiny.json', TINY_PRESET)
    const task = ['temporal-patterns', '--preset', preset]
    const digestOf = ({ out }: { out: string }) => jsonLines(out).at(-1)?.digest
    const one = await run('train', ...task, '--json', '--name', 'one')
    const eight = ['--chip', 'loihi', '--chips', '2x1', '--neurons-per-core', '8']
    // Its preset has a network of its own.
    expect((await run('place', 'runs/one/network.json', ...eight, '--out', 't.json')).code).toBe(0)
    const cut = await run('train', ...task, '--json', '--name', 'cut', '--placement', 't.json', '--transport', 'local')
    expect(digestOf(cut)).toBe(digestOf(one))
    expect(digestOf(one)).toEqual(expect.any(String))
    const { cores } = JSON.parse(readFileSync('t.json', 'utf8')) as { cores: { chip: number; core: number }[] }
    expect(cut.err).toMatch(/^\d cores, all in this process:\ncore +of chip,core +slices /)
    const places = cut.err.match(/^ +\d+ +\d+,\d+/gm)?.map((row) => row.trim().split(/ +/)[1])
    expect(places).toEqual(cores.map(({ chip, core }) => `${chip},${core}`))
  })

  describe('is refused', () => {
    beforeAll(async () => {
      await placed
      await run('place', 'yin-yang', '--chip', 'loihi', '--out', 'other.json')
    })

    testRefusals([
      ['simulate network.json --placement p.json --cores 2', 'FLAG_CONFLICT', '--cores'],
      ['simulate network.json --placement other.json', 'PLACEMENT_NETWORK', 'network'],
      ['simulate network.json --placement none.json', 'FILE_UNREADABLE', '--placement'],
      ['simulate network.json --placement input.json', 'FIELD_MISSING', 'profile', 'input.json'],
    ])
  })
})
