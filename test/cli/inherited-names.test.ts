import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { renamed } from '../support/inherited-names.js'
import { createFiles, jsonLines, networkFile, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

/** What the groups and projections of the network are called, and what they might be called as well. */
const NAMES = new Map([
  ['in', 'hasOwnProperty'],
  ['hidden', 'constructor'],
  ['out', 'toLocaleString'],
  ['readout', 'toString'],
  ['forth', 'valueOf'],
  ['on', 'isPrototypeOf'],
  ['off', 'propertyIsEnumerable'],
])
const NEURON = { tauMem: 20, tauSyn: 5 }
const NETWORK = networkFile(
  [
    { name: 'in', kind: 'source', size: 2 },
    { name: 'hidden', kind: 'lif', size: 2, ...NEURON, threshold: 0.5 },
    { name: 'out', kind: 'lif', size: 2, ...NEURON, threshold: 0.5 },
    { name: 'readout', kind: 'li', size: 2, ...NEURON },
  ],
  [
    { name: 'forth', source: 'in', target: 'hidden', weights: 4, delays: 1 },
    { name: 'on', source: 'hidden', target: 'out', weights: 3, delays: 1 },
    { name: 'off', source: 'hidden', target: 'readout', weights: 2 },
  ],
)
const INPUT = { in: { times: [1, 2, 8], units: [0, 1, 0] } }
const LOSS = { kind: 'vMax', group: 'readout', label: 1 }

const plain = new Map<string, string>()
const pathsOf = (names: ReadonlyMap<string, string>, as: string) => ({
  network: files.write(`network-${as}.json`, renamed(NETWORK, names)),
  input: files.write(`input-${as}.json`, renamed(INPUT, names)),
  loss: files.write(`loss-${as}.json`, renamed(LOSS, names)),
})
const PATHS = { plain: pathsOf(plain, 'plain'), strange: pathsOf(NAMES, 'strange') }

/** The lines a command prints under either set of names, but for digests, which are of names, too, and times. */
async function bothWays(argv: (paths: (typeof PATHS)['plain']) => readonly string[]) {
  const linesOf = async (paths: (typeof PATHS)['plain']) => {
    const { code, out, err } = await run(...argv(paths), '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return jsonLines(out).map((line): Record<string, unknown> => ({ ...line, digest: undefined, seconds: undefined }))
  }
  return { found: await linesOf(PATHS.strange), expected: renamed(await linesOf(PATHS.plain), NAMES) }
}

test.each([1, 2])('simulate prints all spikes and maxima on %d cores', async (cores) => {
  const { found, expected } = await bothWays(({ network, input }) => {
    const spread = ['--cores', String(cores), '--transport', 'local']
    return ['simulate', network, '--input', input, '--until', '30', '--record', namesIn(network), ...spread]
  })
  expect(found).toEqual(expected)
  const groups = found.slice(0, -1)
  expect(groups.map(({ group }) => group)).toEqual(['hasOwnProperty', 'constructor', 'toLocaleString', 'toString'])
  for (const { times, vMax } of groups) expect(((times ?? vMax) as number[]).length).toBeGreaterThan(1)
})

test('gradient prints every slope', async () => {
  const { found, expected } = await bothWays(({ network, input, loss }) => {
    return ['gradient', network, '--input', input, '--loss', loss, '--until', '30']
  })
  expect(found).toEqual(expected)
  const [{ gradients, inputTimes, spikes } = {}] = found as Record<string, Record<string, unknown>>[]
  expect(Object.keys(gradients!)).toEqual([
    'valueOf',
    'isPrototypeOf',
    'propertyIsEnumerable',
    'constructor',
    'toLocaleString',
    'toString',
  ])
  expect(Object.keys(inputTimes!)).toEqual(['hasOwnProperty'])
  expect(Object.keys(spikes!)).toEqual(['constructor', 'toLocaleString'])
})

test('verify finds the same on every placement', async () => {
  const { found, expected } = await bothWays(({ network, input, loss }) => {
    return [
      'verify',
      network,
      '--input',
      input,
      '--loss',
      loss,
      '--until',
      '30',
      '--cores',
      '1,2',
      '--transport',
      'local',
    ]
  })
  expect(found).toEqual(expected)
})

test('a recording holds all spikes', async () => {
  const { found, expected } = await bothWays(({ network, input }) => {
    const out = join(files.folder, `recording-${network === PATHS.plain.network ? 'plain' : 'strange'}`)
    return ['simulate', network, '--input', input, '--until', '30', '--out', out, '--segment', '7']
  })
  expect(found).toEqual(expected)
  for (const { spikes, rate } of found.slice(0, -1))
    expect([spikes, rate]).toEqual([expect.any(Number), expect.any(Number)])
  const recorded = readdirSync(join(files.folder, 'recording-strange')).filter((name) => name.endsWith('.spikes'))
  expect(recorded.sort()).toEqual(['constructor.spikes', 'toLocaleString.spikes'])
})

function namesIn(network: string): string {
  return network === PATHS.plain.network
    ? 'in,hidden,out,readout'
    : 'hasOwnProperty,constructor,toLocaleString,toString'
}
