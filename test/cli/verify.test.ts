import { afterAll, describe, expect, test } from 'vitest'
import { GROUP_INPUT, groupOf200, RING_INPUT, ringFile } from './cut-networks.js'
import { createFiles, jsonLines, networkFile, run } from './run-in-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
const ring = files.write('ring.json', ringFile())
const ringInput = files.write('ring-input.json', RING_INPUT)
const group = files.write('group.json', groupOf200())
const groupInput = files.write('group-input.json', GROUP_INPUT)

const DIGEST = expect.stringMatching(/^[0-9a-f]{64}$/)

describe('verify of a network file', () => {
  test.each([
    { name: 'a ring over two cores', argv: [ring, '--input', ringInput, '--until', '80'], cores: 2 },
    { name: 'a group of 200 over three', argv: [group, '--input', groupInput, '--until', '30'], cores: 3 },
  ])('$name is the same as on one, backward as well', async ({ argv, cores }) => {
    const flags = ['--cores', `1,${cores}`, '--transport', 'local', '--json']
    const { code, out, err } = await run('verify', ...argv, ...flags)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const placements = [
      { cores: 1, transport: 'local', threads: 1 },
      { cores, transport: 'local', threads: 1 },
    ]
    const lines = jsonLines(out)
    const last = lines.at(-1)
    const seconds = expect.toSatisfy((value: number) => value > 0)
    expect(lines).toEqual([
      ...placements.map((spread) => ({ ...spread, digest: last?.digest, seconds })),
      { equal: true, placements, digest: DIGEST },
    ])
  })

  test('the digest is that of what was run: another input, end or loss gives another', async () => {
    const loss = files.write('loss.json', { kind: 'vMax', group: 'readout', label: 1 })
    const all = [
      [group, '--input', groupInput, '--until', '12'],
      [group, '--input', groupInput, '--until', '10'],
      [group, '--until', '12'],
      [group, '--input', groupInput, '--until', '12', '--loss', loss],
    ]
    const flags = ['--cores', '2', '--transport', 'local', '--json']
    const outcomes = await Promise.all(all.map((argv) => run('verify', ...argv, ...flags)))
    const digests = outcomes.map(({ out }) => jsonLines(out).at(-1)?.digest)
    expect(new Set(digests).size).toBe(all.length)
    expect(digests).toEqual(all.map(() => DIGEST))
  })

  test('without --json it is a table', async () => {
    const argv = [ring, '--input', ringInput, '--until', '20', '--cores', '2', '--transport', 'local']
    const { code, out, err } = await run('verify', ...argv)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^cores +transport +threads +seconds +digest\n +1 +local +1 +\S+ +([0-9a-f]{64})\n +2 +local +1 +\S+ +\1\nAll the same, to the last bit\.\n$/,
    )
  })

  test('by default runs on no more cores than there are', async () => {
    const small = files.write('small.json', networkFile([{ name: 'in', kind: 'source', size: 1 }], []))
    const { code, out } = await run('verify', small, '--transport', 'local', '--until', '5', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: [{ cores: 1 }] })
  })

  test.each([
    [32, [1]],
    [33, [1, 2]],
    [64, [1, 2]],
    [128, [1, 2, 4]],
  ])('by default runs on as many cores as there are blocks of 32, up to 4: %i neurons', async (size, cores) => {
    const group = { name: 'x', kind: 'lif', size, tauMem: 10, tauSyn: 5, threshold: 1 }
    const file = files.write('blocks.json', networkFile([group], []))
    const { code, out } = await run('verify', file, '--transport', 'local', '--until', '5', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)?.placements).toMatchObject(cores.map((count) => ({ cores: count })))
  })

  test('a mistake that only the run shows names the loss file', async () => {
    const loss = files.write('short.json', { kind: 'linear', group: 'ring', coefficients: [1] })
    const argv = [ring, '--input', ringInput, '--until', '20', '--loss', loss, '--cores', '2', '--transport', 'local']
    const { code, err } = await run('verify', ...argv)
    expect(code).toBe(2)
    expect(err).toContain('short.json')
    expect(err).toContain('[LOSS_COEFFICIENT_COUNT]')
  })

  test('a ring without an end is refused before it runs', async () => {
    const { code, out, err } = await run('verify', ring, '--input', ringInput)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('Give --until MS.')
  })
})

describe('verify with replicas', () => {
  const { data, training } = TINY_PRESET
  const preset = files.write('dealt.json', {
    ...TINY_PRESET,
    data: { ...data, sizes: { ...data.sizes, train: 100 } },
    training: { ...training, batch: 64 },
  })
  const verify = ['verify', 'temporal-patterns', '--preset', preset, '--epochs', '1', '--cores', '1', '--json']

  test('compares them with one process', async () => {
    const { code, out, err } = await run(...verify, '--transport', 'local', '--replicas', '2')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const spreads = [{}, { replicas: 2 }]
    const placements = spreads.map((spread) => ({ cores: 1, transport: 'local', threads: 1, ...spread }))
    expect(jsonLines(out).at(-1)).toEqual({ equal: true, placements, digest: DIGEST })
  })

  test.each([
    ['REPLICAS_TOO_MANY', '--replicas', 'at most 2', [...verify, '--replicas', '3']],
    ['FLAG_VALUE', '--processes', 'at most 2', [...verify, '--replicas', '2', '--processes', '3']],
    ['FLAG_CONFLICT', '--replicas', 'a run without it', ['verify', ring, '--json', '--replicas', '2']],
  ])('%s is raised before anything runs', async (code, field, expected, argv) => {
    const { code: exit, out, err } = await run(...argv)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    const [{ error }] = jsonLines(err) as [{ error: unknown }]
    const found = expect.any(String)
    expect(error).toMatchObject({ code, field, found, expected: expect.stringContaining(expected), remedy: found })
  })
})

test.each(['train', 'evaluate', 'verify'])('%s takes no number of replicas but an integer from 1', async (command) => {
  for (const found of ['0', '1.5', '-1', 'x', '']) {
    const { code, out, err } = await run(command, 'temporal-patterns', `--replicas=${found}`)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(`--replicas: found ${JSON.stringify(found)}, expected an integer from 1`)
  }
})
