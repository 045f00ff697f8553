import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { run } from '../cli/run-in-process.js'
import { runDemo } from '../support/run-demo.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const demos = readdirSync(`${root}demos`).filter((name) => name.endsWith('.ts'))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

test.each(demos)('the demo %s is short', (demo) => {
  expect(read(`demos/${demo}`).trimEnd().split('\n').length).toBeLessThan(60)
})

const FILES = [`${root}demos/files/network.json`, '--input', `${root}demos/files/input.json`, '--until', '100']

/** What a command prints that ends well. */
async function outOf(...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await run(...argv)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

describe('the files of the demos', () => {
  it('are simulated, and have a gradient', async () => {
    const command = async (name: string, ...flags: readonly string[]) =>
      (await outOf(name, ...FILES, ...flags, '--json'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    const [done, ...reversed] = (await command('simulate')).reverse()
    const recorded = reversed.reverse()
    expect(done).toMatchObject({ done: true, digest: expect.any(String) })
    expect(recorded.map(({ group }) => group)).toEqual(['hidden', 'output'])
    for (const { times } of recorded) expect(times.length).toBeGreaterThan(0)
    const [{ loss, gradients }] = await command('gradient', '--loss', 'demos/files/loss.json')
    expect(loss).toBeGreaterThan(0)
    expect(gradients['input->hidden'].weights.some((value: number) => value !== 0)).toBe(true)
  })
})

describe('the recording of the demos', () => {
  it('is what simulate records of their files, and is drawn', async () => {
    const folder = mkdtempSync(`${tmpdir()}/antidrome-demos-`)
    try {
      await outOf('simulate', ...FILES, '--record', 'input,hidden,output', '--out', `${folder}/recording`)
      const files = readdirSync(`${root}demos/files/recording`)
      expect(readdirSync(`${folder}/recording`)).toEqual(files)
      for (const file of files.filter((name) => name.endsWith('.spikes')))
        expect(
          readFileSync(`${folder}/recording/${file}`).equals(readFileSync(`${root}demos/files/recording/${file}`)),
        ).toBe(true)
      const told = await outOf('plot', `${root}demos/files/recording`, '--out', `${folder}/recording.svg`)
      expect(told).toContain('hidden')
      expect(readFileSync(`${folder}/recording.svg`, 'utf8')).toContain('<svg')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe("actors of one's own", () => {
  it('are shown by their guide to the letter', () => {
    const blocks = [...read('docs/own-actor.md').matchAll(/```(?:js|ts)\n([\s\S]*?)```/g)].map(([, text]) => text)
    expect(blocks).toEqual(
      ['modules/plant.js', 'closed-loop.ts', 'modules/relay.js'].map((name) => read(`demos/${name}`)),
    )
  })
})

describe('the README', () => {
  const blocks = [...read('README.md').matchAll(/```(ts|text)\n([\s\S]*?)```/g)]
  const [example, output] = [
    blocks.find(([, kind]) => kind === 'ts')?.[2],
    blocks.find(([, kind]) => kind === 'text')?.[2],
  ]

  it('shows the first demo to the letter', () => {
    expect(example).toBe(read('demos/first-network.ts'))
  })

  it('shows what the example prints', async () => {
    expect(output).toBe(await runDemo('first-network.ts'))
  })
})
