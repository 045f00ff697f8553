import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatChipProfile } from '../../../src/hardware/profile/format-chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { createWorkingFolder, jsonLines, networkFile, run } from '../run-in-process.js'
import { runProcess } from '../run-process.js'
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
    expect((await run('place', 'runs/one/network.json', ...eight, '--out', 'of-run.json')).code).toBe(0)
    expect((await run('place', ...task, ...eight, '--out', 't.json')).code).toBe(0)
    expect(readFileSync('t.json', 'utf8')).toBe(readFileSync('of-run.json', 'utf8'))
    const cut = await run('train', ...task, '--json', '--name', 'cut', '--placement', 't.json', '--transport', 'local')
    expect(digestOf(cut)).toBe(digestOf(one))
    expect(digestOf(one)).toEqual(expect.any(String))
    const { cores } = JSON.parse(readFileSync('t.json', 'utf8')) as { cores: { chip: number; core: number }[] }
    expect(cut.err).toMatch(/^\d cores, all in this process:\ncore +of chip,core +slices /)
    const places = cut.err.match(/^ +\d+ +\d+,\d+/gm)?.map((row) => row.trim().split(/ +/)[1])
    expect(places).toEqual(cores.map(({ chip, core }) => `${chip},${core}`))
  })

  test('is that of a profile of one’s own, which --chip names', async () => {
    const mine = { ...chipProfile('brainscales2'), name: 'mine' }
    files.write('mine.json', formatChipProfile(mine))
    files.write('loss.json', { kind: 'spikeCount', group: 'b', tau: 20, label: 0 })
    const chips = ['--chip', 'mine.json', '--chips', '4x1', '--neurons-per-core', '64']
    expect((await run('place', NETWORK, ...chips, '--out', 'own.json')).code).toBe(0)
    const on = ['--placement', 'own.json', '--chip', 'mine.json', '--transport', 'local', '--json']
    for (const [command, ...more] of [['simulate'], ['gradient', '--loss', 'loss.json']] as const) {
      const one = await run(command, ...TRIAL, ...more, '--json')
      expect(one.code).toBe(0)
      expect(await run(command, ...TRIAL, ...more, ...on)).toEqual(one)
      // The latencies are those of the file.
      expect((await run(command, ...TRIAL, ...more, ...on, '--chip-latency')).out).not.toBe(one.out)
    }
    const recorded = await run('simulate', ...TRIAL, ...on, '--out', 'own-recording')
    expect(recorded.code).toBe(0)
    const verified = await run('verify', ...TRIAL, ...on)
    expect(jsonLines(verified.out).at(-1)).toMatchObject({ equal: true })
  })

  describe('with its latencies', () => {
    const late = ['--placement', 'late.json', '--chip-latency']
    beforeAll(async () => {
      const chips = ['--chip', 'brainscales2', '--chips', '4x1', '--neurons-per-core', '64']
      expect((await run('place', NETWORK, ...chips, '--out', 'late.json')).code).toBe(0)
    })

    test('has bits of its own, the same wherever the cores are', async () => {
      const one = await run('simulate', ...TRIAL, '--json')
      const cut = await run('simulate', ...TRIAL, '--json', ...late, '--transport', 'local')
      expect(cut.code).toBe(0)
      expect(jsonLines(cut.out)).not.toEqual(jsonLines(one.out))
      const spread = ['--transport', 'local', '--threads', '1,2', '--json']
      const verified = await runProcess(files.folder, 'verify', ...TRIAL, ...late, ...spread)
      expect(jsonLines(verified.out).at(-1)).toMatchObject({
        equal: true,
        placements: [{ cores: 3 }, { cores: 3, threads: 2 }],
      })
    })

    test('is told from one without them by its checkpoints', async () => {
      const out = ['--out', 'recorded', '--checkpoint', 'kept', '--transport', 'local']
      expect((await run('simulate', ...TRIAL, ...late, ...out)).code).toBe(0)
      const { code, err } = await run('simulate', ...TRIAL, ...out, '--resume')
      expect([code, err]).toEqual([2, expect.stringMatching(/chipPlacement: found "?[0-9a-f]{32}"?, expected nothing/)])
      expect(err).toContain('chipPlacement is a fingerprint of a placement on a chip with its latencies')
    })

    test('that nothing meets is told in one line', async () => {
      files.write('loss-of-out.json', { kind: 'spikeCount', group: 'out', tau: 20, label: 0 })
      const small = files.write(
        'small.json',
        networkFile(
          [
            { name: 'in', kind: 'source', size: 2 },
            { name: 'out', size: 4, ...LIF },
          ],
          [{ source: 'in', target: 'out', weights: 2, delays: 1 }],
        ),
      )
      files.write('few.json', { in: { times: [1], units: [0] } })
      expect((await run('place', small, '--chip', 'brainscales2', '--out', 'one.json')).code).toBe(0)
      const trial = [small, '--input', 'few.json', '--until', '30', '--json']
      const onOne = ['--placement', 'one.json', '--chip-latency']
      const told = { warning: { code: 'LATENCY_NONE', message: expect.stringContaining('one.json') } }
      for (const [command, ...more] of [
        ['simulate'],
        ['gradient', '--loss', 'loss-of-out.json'],
        ['verify', '--transport', 'local'],
      ] as const) {
        const { code, err } = await run(command, ...trial, ...more, ...onOne)
        expect([code, jsonLines(err)]).toEqual([0, [told]])
      }
      const preset = files.write('tiny.json', TINY_PRESET)
      const task = ['temporal-patterns', '--preset', preset]
      expect((await run('place', ...task, '--chip', 'brainscales2', '--out', 'one.json', '--overwrite')).code).toBe(0)
      const trained = await run('train', ...task, '--json', '--name', 'at-once', ...onOne)
      expect([trained.code, jsonLines(`${trained.err.split('\n')[0]}\n`)]).toEqual([0, [told]])
      expect(trained.err.match(/LATENCY_NONE/g)).toHaveLength(1)
      const evaluated = await run('evaluate', 'runs/at-once', '--json', ...onOne)
      expect([evaluated.code, jsonLines(evaluated.err)]).toEqual([0, [told]])
      const { err } = await run('simulate', ...TRIAL, '--json', ...late, '--transport', 'local')
      expect(err).toBe('')
    })

    test('lets a cycle be cut, of which its refusal without them tells', async () => {
      const ring = files.write(
        'ring.json',
        networkFile(
          [
            { name: 'a', size: 64, ...LIF },
            { name: 'b', size: 64, ...LIF },
          ],
          [
            { source: 'a', target: 'b', weights: 1 },
            { source: 'b', target: 'a', weights: 1 },
          ],
        ),
      )
      const chips = ['--chip', 'brainscales2', '--chips', '2x1', '--neurons-per-core', '64']
      expect((await run('place', ring, ...chips, '--out', 'ring-on.json')).code).toBe(0)
      files.write('idle.json', {})
      const trial = ['simulate', ring, '--input', 'idle.json', '--until', '5', '--placement', 'ring-on.json']
      const { code, err } = await run(...trial)
      expect([code, err]).toEqual([2, expect.stringContaining('With --chip-latency the ways between its cores')])
      expect((await run(...trial, '--chip-latency', '--transport', 'local')).code).toBe(0)
    })
  })

  describe('is refused', () => {
    beforeAll(async () => {
      await placed
      await run('place', 'yin-yang', '--chip', 'loihi', '--out', 'other.json')
      files.write('beyond.json', readFileSync('p.json', 'utf8').replace(/"core":\d+/, '"core":200'))
    })

    testRefusals([
      ['simulate network.json --placement p.json --cores 2', 'FLAG_CONFLICT', '--cores'],
      [
        'simulate network.json --placement other.json',
        'PLACEMENT_NETWORK',
        'network',
        'the same --preset, --learn, --hidden and --recurrent, or runs/NAME/network.json of a run.',
      ],
      ['simulate network.json --chip-latency', 'FLAG_CONFLICT', '--chip-latency'],
      ['train yin-yang --chip-latency', 'FLAG_CONFLICT', '--chip-latency'],
      [
        'train yin-yang --chip truenorth --placement other.json',
        'PLACEMENT_PROFILE',
        '--placement: profile',
        'other.json',
      ],
      ['verify network.json --chip-latency', 'FLAG_CONFLICT', '--chip-latency'],
      ['verify network.json --placement late.json --chip-latency --cores 2', 'FLAG_CONFLICT', '--cores'],
      [
        'simulate network.json --placement p.json --chip-latency',
        'CHIP_LATENCY',
        '--placement: loihi: time.mode',
        'p.json',
      ],
      [
        'simulate network.json --placement own.json',
        'CHIP_UNKNOWN',
        '--placement: profile.name',
        'own.json',
        'found "mine", expected a chip of the package, for there is no --chip: brainscales2, loihi, ',
        'Give the file of its profile with --chip FILE.',
      ],
      ['gradient network.json --loss loss.json --placement own.json', 'CHIP_UNKNOWN', '--placement: profile.name'],
      ['verify network.json --placement own.json', 'CHIP_UNKNOWN', '--placement: profile.name'],
      ['simulate network.json --chip loihi', 'FLAG_CONFLICT', '--chip', 'the flag without --placement'],
      ['gradient network.json --loss loss.json --chip loihi', 'FLAG_CONFLICT', '--chip'],
      ['verify network.json --chip loihi', 'FLAG_CONFLICT', '--chip'],
      ['simulate network.json --placement p.json --chip truenorth', 'PLACEMENT_PROFILE', '--placement: profile'],
      [
        'verify network.json --placement p.json --chip loihi,truenorth',
        'FLAG_VALUE',
        '--chip',
        'one chip, for a placement',
      ],
      [
        'simulate network.json --placement beyond.json',
        'PLACEMENT_CORE_UNKNOWN',
        'cores[0].core',
        'beyond.json',
        'Let place --chip … --out FILE place the network for that chip.',
      ],
      [
        'place network.json --chip loihi --placement beyond.json',
        'PLACEMENT_CORE_UNKNOWN',
        'cores[0].core',
        'Let place --chip',
      ],
      ['simulate network.json --placement none.json', 'FILE_UNREADABLE', '--placement'],
      ['simulate network.json --placement input.json', 'FIELD_MISSING', 'profile', 'input.json'],
    ])
  })
})
