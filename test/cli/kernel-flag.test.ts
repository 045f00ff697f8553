import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { denseLayers, GROUP_INPUT } from './cut-networks.js'
import { createWorkingFolder, jsonLines, type Outcome, run } from './run-in-process.js'
import { TINY_PRESET } from './tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())
const network = files.write('layers.json', denseLayers())
const trial = [network, '--input', files.write('input.json', GROUP_INPUT), '--until', '40']
const loss = ['--loss', files.write('loss.json', { kind: 'firstSpike', group: 'out', label: 1 })]

function numbersIn(text: string): readonly number[] {
  return text.match(/-?\d+(\.\d+)?(e[+-]?\d+)?/g)!.map(Number)
}

function outOf({ code, out, err }: Outcome): string {
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

describe('--kernel', () => {
  test.each([
    { command: 'simulate', more: ['--record', 'hidden,out'], least: 80 },
    { command: 'gradient', more: loss, least: 800 },
  ])('of $command picks the kernel, on any cores: same results, other bits', async ({ command, more, least }) => {
    const of = async (...argv: string[]) => outOf(await run(command, ...trial, ...more, '--json', ...argv))
    const [plain, simd, reference] = [await of(), await of('--kernel', 'simd'), await of('--kernel', 'reference')]
    expect(simd).toBe(plain)
    expect(reference).not.toBe(plain)
    // Digits of a digest are no numbers.
    const results = (text: string) => text.replace(/\{"done":.*/, '')
    const [found, expected] = [numbersIn(results(plain)), numbersIn(results(reference))]
    expect(found.length).toBe(expected.length)
    expect(found.length).toBeGreaterThan(least)
    const scale = Math.max(...expected.map(Math.abs))
    expect(found.filter((value, k) => !(Math.abs(value - expected[k]!) <= 1e-10 * scale))).toEqual([])
    for (const [kernel, out] of [['simd', plain] as const, ['reference', reference] as const])
      expect(await of('--kernel', kernel, '--cores', '2', '--transport', 'local')).toBe(out)
  })

  test('of verify picks the kernel of every run', async () => {
    const spread = ['--cores', '1,2', '--transport', 'local', '--json']
    const digestOf = async (kernel: string) => {
      const last = jsonLines(outOf(await run('verify', ...trial, ...spread, '--kernel', kernel))).at(-1)!
      expect(last).toMatchObject({ equal: true, placements: { length: 2 } })
      return last.digest
    }
    expect(await digestOf('simd')).not.toBe(await digestOf('reference'))
  })

  test('of train picks the kernel', async () => {
    const preset = files.write('tiny.json', TINY_PRESET)
    const train = async (name: string, ...argv: string[]) => {
      const outcome = await run('train', 'temporal-patterns', '--preset', preset, '--json', '--name', name, ...argv)
      const trained = readFileSync(join('runs', name, 'network.json'), 'utf8')
      return { digest: jsonLines(outOf(outcome)).at(-1)?.digest, trained }
    }
    const reference = await train('reference', '--kernel', 'reference')
    const simd = await train('simd')
    expect(simd.digest).not.toBe(reference.digest)
    expect(simd.trained).not.toBe(reference.trained)
  })
})
