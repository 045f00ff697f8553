import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const demos = readdirSync(`${root}demos`).filter((name) => name.endsWith('.ts'))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

/** Runs a demo as a user would: the built package, by its name. Rejects unless it ends with 0. */
async function run(demo: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `demos/${demo}`], { cwd: root })
  return stdout
}

describe('demos', () => {
  it.each(demos)('%s is short and runs', { timeout: 180_000 }, async (demo) => {
    expect(read(`demos/${demo}`).trimEnd().split('\n').length).toBeLessThan(60)
    expect(await run(demo)).not.toBe('')
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

  it('shows what the example prints', { timeout: 60_000 }, async () => {
    expect(output).toBe(await run('first-network.ts'))
  })
})
