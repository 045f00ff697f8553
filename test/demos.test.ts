import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { runDemo } from './support/run-demo.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const demos = readdirSync(`${root}demos`).filter((name) => name.endsWith('.ts'))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

test.each(demos)('the demo %s is short', (demo) => {
  expect(read(`demos/${demo}`).trimEnd().split('\n').length).toBeLessThan(60)
})

describe('the files of the demos', () => {
  const FILES = ['demos/files/network.json', '--input', 'demos/files/input.json', '--until', '100']

  it('are simulated, and have a gradient', async () => {
    const command = async (name: string, ...flags: readonly string[]) => {
      const argv = ['dist/bundle/main.js', name, ...FILES, ...flags, '--json']
      const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root })
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    }
    const recorded = await command('simulate')
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
    const command = (...argv: readonly string[]) =>
      promisify(execFile)(process.execPath, ['dist/bundle/main.js', ...argv], { cwd: root })
    try {
      const flags = ['--input', 'demos/files/input.json', '--until', '100', '--record', 'input,hidden,output']
      await command('simulate', 'demos/files/network.json', ...flags, '--out', `${folder}/recording`)
      const files = readdirSync(`${root}demos/files/recording`)
      expect(readdirSync(`${folder}/recording`)).toEqual(files)
      for (const file of files.filter((name) => name.endsWith('.spikes')))
        expect(
          readFileSync(`${folder}/recording/${file}`).equals(readFileSync(`${root}demos/files/recording/${file}`)),
        ).toBe(true)
      const { stdout } = await command('plot', 'demos/files/recording', '--out', `${folder}/recording.svg`)
      expect(stdout).toContain('hidden')
      expect(readFileSync(`${folder}/recording.svg`, 'utf8')).toContain('<svg')
    } finally {
      rmSync(folder, { recursive: true })
    }
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
