import { afterAll, describe, expect, test } from 'vitest'
import { balancedNetwork } from '../../src/data/balanced.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { groupOf200 } from './cut-networks.js'
import { createFiles, jsonLines, run, simulatedLines } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
const group = files.write('group.json', groupOf200())

const SMALL = ['--neurons', '1000', '--in-degree', '100']

describe('the task balanced', () => {
  test('simulate tells how often and how regularly its groups fire', async () => {
    const { code, out, err } = await run('simulate', 'balanced', ...SMALL, '--until', '40')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(
      /^group +spikes +rate \(Hz\) +cv of intervals\nexc +\d+ +\d+\.\d\d +\d\.\d{3}\ninh +\d+ +\d+\.\d\d +\d\.\d{3}\ndigest {2}[0-9a-f]{64}\n$/,
    )
  })

  test('simulate --json prints its spikes alone, with their digest, and the seed decides them', async () => {
    const lines = async (seed: string) => {
      const { code, out, err } = await run('simulate', 'balanced', ...SMALL, '--until', '20', '--json', '--seed', seed)
      expect(code).toBe(0)
      expect(err).toContain('rate (Hz)')
      return simulatedLines(out).lines
    }
    const first = await lines('1')
    expect(first).toMatchObject([{ group: 'exc' }, { group: 'inh' }])
    expect((first[0] as { times: number[] }).times.length).toBeGreaterThan(100)
    expect(await lines('1')).toEqual(first)
    expect(await lines('2')).not.toEqual(first)
  })

  test('is the network that a file of it describes', async () => {
    const file = files.write('balanced.json', formatNetwork(balancedNetwork({ neurons: 200, inDegree: 40 })))
    const flags = ['--until', '20', '--json']
    const task = await run('simulate', 'balanced', '--neurons', '200', '--in-degree', '40', ...flags)
    expect((await run('simulate', file, ...flags)).out).toBe(task.out)
    // Without an end it would never end; the task has one.
    const { code, err } = await run('simulate', file, '--json')
    expect(code).toBe(2)
    expect(jsonLines(err)).toMatchObject([{ error: { code: 'UNTIL_REQUIRED', field: '--until' } }])
  })

  test('verify finds the same spikes on one core and two', async () => {
    const size = ['--neurons', '200', '--in-degree', '40', '--until', '20']
    const { code, out, err } = await run(
      'verify',
      'balanced',
      ...size,
      '--cores',
      '2',
      '--transport',
      'local',
      '--json',
    )
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { out: simulated } = await run('simulate', 'balanced', ...size, '--json')
    const { digest } = simulatedLines(simulated)
    expect(jsonLines(out).at(-1)).toMatchObject({ equal: true, placements: { length: 2 }, digest })
  })

  test('place cuts it between cores', async () => {
    const { code, out } = await run('place', 'balanced', ...SMALL, '--cores', '2', '--json')
    expect(code).toBe(0)
    expect(jsonLines(out).at(-1)).toEqual({ placed: true, cores: 2, neurons: 1000, synapses: 101_000 })
  })

  test.each([
    { argv: ['simulate', group, '--neurons', '100', '--until', '5'], field: '--neurons' },
    { argv: ['place', 'yin-yang', '--in-degree', '100'], field: '--in-degree' },
    { argv: ['verify', 'yin-yang', '--in-degree', '100'], field: '--in-degree' },
    { argv: ['verify', 'balanced', '--epochs', '1'], field: '--epochs' },
    { argv: ['verify', 'balanced', '--loss', group], field: '--loss' },
  ])('$argv is refused', async ({ argv, field }) => {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain('[FLAG_CONFLICT]')
    expect(err).toContain(field)
  })

  test('input for a Poisson source is refused by name', async () => {
    const input = files.write('input.json', { excDrive: { times: [1], units: [0] } })
    const { code, err } = await run('simulate', 'balanced', ...SMALL, '--input', input, '--until', '5')
    expect(code).toBe(2)
    expect(err).toContain('excDrive')
    expect(err).toContain('[GROUP_EMITS]')
  })

  test('is no smaller than ten', async () => {
    const { code, err } = await run('place', 'balanced', '--neurons', '9')
    expect(code).toBe(2)
    expect(err).toContain('--neurons')
  })
})
