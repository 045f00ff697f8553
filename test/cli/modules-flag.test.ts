import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createProgram } from '../../src/cli/program.js'
import { createFiles, jsonLines, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const PROJECTION = { source: 'input', target: 'out', weights: 1.5, through: [{ module: './keep.mjs' }] }
const FILE = {
  ...{ format: 'antidrome-network', version: 1 },
  groups: [
    { name: 'input', kind: 'source', size: 1 },
    { name: 'out', kind: 'lif', size: 1, tauMem: 10, tauSyn: 5, threshold: 1 },
  ],
}
const NETWORK = files.write('network.json', { ...FILE, projections: [PROJECTION] })
writeFileSync(
  join(files.folder, 'late.mjs'),
  'export const createOperator = () => ({ least: 3, apply: ({ times }) => ({ extra: times.map(() => 3) }) })',
)
writeFileSync(
  join(files.folder, 'keep.mjs'),
  'globalThis.wasLoaded = true; export const createOperator = () => ({ apply: () => ({}) })',
)
const LOSS = files.write('loss.json', { kind: 'spikeCount', group: 'out', label: 0 })

const LINES: readonly (readonly string[])[] = [
  ['simulate', NETWORK],
  ['gradient', NETWORK, '--loss', LOSS],
  ['evaluate', NETWORK, '--task', 'yin-yang'],
  ['verify', NETWORK],
  ['place', NETWORK],
  ['chip-report', NETWORK, '--chip', 'loihi'],
  ['doctor', NETWORK],
]

test('every command that reads network files or presets has the flag', () => {
  const { commands } = createProgram({ out: () => undefined, err: () => undefined, screen: null })
  const withFlag = commands.filter(({ options }) => options.some(({ long }) => long === '--allow-modules'))
  // A training reads no network file; its losses are in loss/loss-modules.test.ts.
  expect(withFlag.map((command) => command.name()).sort()).toEqual(['train', ...LINES.map(([name]) => name)].sort())
})

describe('without it a file that names a module runs nothing', () => {
  test.each(LINES)('%s', async (...line) => {
    const { code, out, err } = await run(...line, '--json')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(jsonLines(err)[0]?.error).toMatchObject({
      ...{ code: 'MODULES_FORBIDDEN', file: NETWORK, field: 'projections[0].through[0].module' },
      ...{ remedy: 'Give --allow-modules if you trust the file.' },
    })
    expect(globalThis).not.toHaveProperty('wasLoaded')
  })
})

test('with it the modules are found beside the file, and spikes pass them', async () => {
  const input = files.write('input.json', { input: { times: [1, 2, 3], units: [0, 0, 0] } })
  const spikes = async (...flags: readonly string[]) => {
    const { code, out, err } = await run('simulate', ...flags, '--input', input, '--until', '40', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return jsonLines(out)[0]?.times as readonly number[]
  }
  const late = files.write('late.json', {
    ...FILE,
    projections: [{ ...PROJECTION, through: [{ module: 'late.mjs' }] }],
  })
  const [plain = 0] = await spikes(
    files.write('plain.json', { ...FILE, projections: [{ ...PROJECTION, through: [] }] }),
  )
  expect(await spikes(NETWORK, '--allow-modules')).toContain(plain)
  const [delayed = 0] = await spikes(late, '--allow-modules')
  expect(delayed).toBeCloseTo(plain + 3, 9)
})
