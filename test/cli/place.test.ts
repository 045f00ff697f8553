import { afterAll, describe, expect, test } from 'vitest'
import { createFiles, jsonLines, networkFile, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const neuron = { kind: 'lif', tauMem: 10, tauSyn: 5, threshold: 1 }
const ring = files.write(
  'ring.json',
  networkFile(
    [
      { name: 'input', kind: 'source', size: 2 },
      { name: 'a', size: 64, ...neuron },
      { name: 'b', size: 32, ...neuron },
    ],
    [
      { source: 'input', target: 'a', weights: 1 },
      { source: 'a', target: 'b', weights: 1, delays: 0.5 },
      { source: 'b', target: 'a', weights: 1, delays: 1 },
    ],
  ),
)
const quickCycle = files.write(
  'quick-cycle.json',
  networkFile(
    [
      { name: 'a', size: 64, ...neuron },
      { name: 'b', size: 32, ...neuron },
    ],
    [
      { source: 'a', target: 'b', weights: 1 },
      { source: 'b', target: 'a', weights: 1 },
    ],
  ),
)
const pair = files.write('pair.json', { columns: 2, rows: 1 })
const small = files.write('small.json', { columns: 1, rows: 1, neuronsPerCore: 64 })

describe('place', () => {
  test('prints what every core holds and what is cut', async () => {
    expect(await run('place', ring, '--chip', 'mesh:2x1')).toEqual({
      code: 0,
      err: '',
      out: [
        'core  column,row  slices              neurons  synapses',
        '   0  0,0         input[0:2] a[0:64]       64      2176',
        '   1  1,0         b[0:32]                  32      2048',
        '',
        'cut projection  from core -> to core',
        'a->b            0->1',
        'b->a            1->0',
        '',
        'cut cycle    lookahead (ms)',
        'a -> b -> a             1.5',
        '',
      ].join('\n'),
    })
  })

  test('prints one object per core, cut and cycle, and a last line', async () => {
    const { code, out, err } = await run('place', ring, '--chip', pair, '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const slices = [
      { group: 'input', start: 0, end: 2 },
      { group: 'a', start: 0, end: 64 },
    ]
    expect(jsonLines(out)).toEqual([
      { core: 0, column: 0, row: 0, slices, neurons: 64, synapses: 2176 },
      { core: 1, column: 1, row: 0, slices: [{ group: 'b', start: 0, end: 32 }], neurons: 32, synapses: 2048 },
      { cut: 'a->b', crossings: [{ from: 0, to: 1 }] },
      { cut: 'b->a', crossings: [{ from: 1, to: 0 }] },
      { cycle: ['a', 'b'], lookahead: 1.5 },
      { placed: true, cores: 2, neurons: 96, synapses: 4224 },
    ])
  })

  test('knows the tasks and spreads them over four cores', async () => {
    const { code, out } = await run('place', 'yin-yang', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toEqual({ placed: true, cores: 4, neurons: 123, synapses: 840 })
    expect((await run('place', 'yin-yang', '--chip', 'mesh:2x2', '--json')).out).toBe(out)
    // Cores that are asked for are filled layer by layer, those of a chip one after the other.
    const slices = jsonLines((await run('place', 'yin-yang', '--cores', '4', '--json')).out).map((line) => line.slices)
    expect(slices.slice(0, 4)).toEqual([
      [
        { group: 'input', start: 0, end: 4 },
        { group: 'hidden', start: 0, end: 32 },
      ],
      [{ group: 'hidden', start: 32, end: 64 }],
      [{ group: 'hidden', start: 64, end: 96 }],
      [
        { group: 'hidden', start: 96, end: 120 },
        { group: 'output', start: 0, end: 3 },
      ],
    ])
  })

  test('takes a number of cores instead of a chip', async () => {
    const { out } = await run('place', ring, '--cores', '3', '--json')
    expect(jsonLines(out).at(-1)).toEqual({ placed: true, cores: 3, neurons: 96, synapses: 4224 })
  })

  test('does not fill the screen with crossings', async () => {
    const { out } = await run('place', files.write('wide.json', wide()), '--cores', '8')
    expect(out).toMatch(/^a->a +(\d->\d ){12}and 44 more$/m)
  })
})

function wide(): object {
  return networkFile([{ name: 'a', size: 256, ...neuron }], [{ source: 'a', target: 'a', weights: 1, delays: 1 }])
}

describe('a refusal ends with 2 and says why', () => {
  test.each<readonly [argv: readonly string[], ...pieces: string[]]>([
    [[ring, '--chip', small], '--chip: found 1 core of 64 neurons, full before b[0:32]', '[PLACEMENT_CAPACITY]'],
    [[quickCycle, '--chip', small], '--chip: found the cycle a -> b -> a', '64 neurons', '[PLACEMENT_CYCLE]'],
    [[quickCycle, '--cores', '2'], '--cores: found 2, expected at most 1', 'a and b in one piece', '[CORES_TOO_MANY]'],
    [[ring, '--cores', '5'], '--cores: found 5, expected at most 4', '4 blocks of 32', '[CORES_TOO_MANY]'],
    [[ring, '--cores', '0'], '--cores: found "0", expected an integer from 1', '[FLAG_VALUE]'],
    [[ring, '--chip', 'mesh:2x'], '--chip: found "mesh:2x", expected mesh:COLUMNSxROWS', '[FLAG_VALUE]'],
    [[ring, '--chip', 'mesh:0x2'], '--chip: found "mesh:0x2"', '[FLAG_VALUE]'],
    [[ring, '--chip', 'mesh:2x2', '--cores', '2'], '--cores: found the flag beside --chip', '[FLAG_CONFLICT]'],
    [[ring, '--chip', 'no-chip.json'], 'no-chip.json: --chip: found no such file', '[FILE_UNREADABLE]'],
    [['cifar'], 'cifar: file: found no such file', 'one of the tasks there are: yin-yang', '[FILE_UNREADABLE]'],
  ])('%j', async (argv, ...pieces) => {
    const { code, out, err } = await run('place', ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    for (const piece of pieces) expect(err).toContain(piece)
  })

  test('a wrong profile is named with file, field, found and expected', async () => {
    const profile = files.write('wrong.json', { columns: 2, rows: 0 })
    const { code, err } = await run('place', ring, '--chip', profile)
    expect(code).toBe(2)
    expect(err).toBe(`antidrome: ${profile}: rows: found 0, expected an integer from 1. [CHIP_INVALID]\n`)
  })
})

describe('the network of a task', () => {
  test('is that of the settings that are said', async () => {
    const sizes = async (...flags: string[]) => {
      const { out } = await run('place', 'yin-yang', '--cores', '1', '--json', ...flags)
      return jsonLines(out).at(-1)
    }
    const [own, larger, recurrent] = [
      await sizes(),
      await sizes('--hidden', '64,32'),
      await sizes('--hidden', '64,32', '--recurrent'),
    ]
    expect(larger?.neurons).toBe(64 + 32 + 3)
    expect(own?.neurons).not.toBe(larger?.neurons)
    expect(recurrent?.synapses).toBeGreaterThan(larger?.synapses as number)
    expect(await sizes('--learn', 'weights')).toMatchObject({ placed: true })
  })

  test.each([
    [ring, '--hidden', '64'],
    [ring, '--recurrent'],
    ['balanced', '--preset', 'yin-yang'],
    ['balanced', '--learn', 'weights'],
  ])('is none of %s, for which %s is refused', async (name, ...flags) => {
    const { code, err } = await run('place', name, ...flags)
    expect([code, err]).toEqual([2, expect.stringContaining('FLAG_CONFLICT')])
    expect(err).toContain(flags[0])
  })
})
