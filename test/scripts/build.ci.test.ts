import { mkdirSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inTurn } from '../support/in-turn.js'
import { Clone } from './clone.js'

const FIRST = { 'index.js': '// index 1', 'cli/main.js': '// main 1', 'part.js': '// part 1' }

const built = new Clone()
beforeAll(async () => void (await built.build().ended))
afterAll(() => built[Symbol.dispose]())

test('what lies in dist/ stays there while a build runs, and is replaced when it is done', async () => {
  using clone = new Clone()
  expect(await clone.build().ended).toMatchObject({ code: 0, out: '' })
  expect(clone.dist()).toEqual(FIRST)
  clone.remove('begun')
  const { mtimeMs } = clone.stat('src/data/presets/packaged-texts.ts')
  clone.remove('go')
  clone.remove('src/extra/part.ts')
  clone.write('src/extra/other.ts', '// other 2')
  clone.write('src/index.ts', '// index 2')
  const second = clone.build()
  await second.begun()
  expect(clone.dist()).toEqual(FIRST)
  clone.write('go', '')
  // No moment without the file: looked at as often as a build lets.
  let missing = 0
  const looking = setInterval(() => (missing += clone.has('dist/index.js') ? 0 : 1))
  expect(await second.ended).toMatchObject({ code: 0 })
  clearInterval(looking)
  expect(missing).toBe(0)
  expect(clone.dist()).toEqual({ 'index.js': '// index 2', 'cli/main.js': '// main 1', 'other.js': '// other 2' })
  // Nor are generated sources touched that stay as they are.
  expect(clone.stat('src/data/presets/packaged-texts.ts').mtimeMs).toBe(mtimeMs)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test('a build that fails leaves dist/ as it was, and is tried again', async () => {
  using clone = new Clone(built)
  clone.write('src/index.ts', 'a mistake')
  for (const _ of [1, 2]) {
    const { code, out, err } = await clone.build('--if-changed').ended
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/the build failed: .*tsc ended with exit code 2/)
  }
  expect(clone.dist()).toEqual(FIRST)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test('a build that is ended by a signal leaves dist/ as it was, and no lock', async () => {
  using clone = new Clone(built)
  clone.remove('begun')
  clone.remove('go')
  const { child, ended, begun } = clone.build()
  await begun()
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 143 })
  expect(clone.dist()).toEqual(FIRST)
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test("a folder into which the compiler of a killed build still writes is in no later build's way", async () => {
  using clone = new Clone()
  mkdirSync(`${clone.root}/.build/dist-killed/cli`, { recursive: true })
  // Faster than anybody can remove what it writes.
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs'
    for (let k = 0; ; k++) try {
      mkdirSync('.build/dist-killed/cli', { recursive: true })
      writeFileSync('.build/dist-killed/cli/' + (k % 1000), '')
      if (k === 0) writeFileSync('writes', '')
    } catch {}`
  const compiler = clone.run('--input-type=module', '-e', script)
  try {
    while (!clone.has('writes')) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await clone.build().ended).toMatchObject({ code: 0 })
  } finally {
    compiler.child.kill('SIGKILL')
    await compiler.ended
  }
  expect(clone.dist()).toEqual(FIRST)
  await clone.build().ended
  expect(readdirSync(`${clone.root}/.build`)).toEqual(['fingerprint'])
})

test('of two builds at once the second waits, and builds only what the first has not', async () => {
  using clone = new Clone()
  clone.remove('go')
  const first = clone.build('--if-changed')
  await first.begun()
  const [second, third] = [clone.build('--if-changed'), clone.build()]
  await Promise.all([second.saysUntil('waiting'), third.saysUntil('waiting')])
  clone.write('go', '')
  const [, same, again] = await Promise.all([first.ended, second.ended, third.ended])
  expect(same).toMatchObject({ code: 0, err: expect.not.stringContaining('building') })
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining('building') })
  expect(clone.dist()).toEqual(FIRST)
})

test('it builds again when something that it made is missing', async () => {
  using clone = new Clone(built)
  expect((await clone.build('--if-changed').ended).err).toBe('')
  const made = ['src/data/presets/packaged-texts.ts', 'dist/bundle/main.js', '.build/fingerprint']
  for (const file of inTurn(made, 0)) {
    clone.remove(file)
    expect((await clone.build('--if-changed').ended).err).toContain('building')
    expect(clone.has(file)).toBe(true)
  }
})

test('prepare builds for an installation, and not for npx, whose cache a failure would break', async () => {
  using clone = new Clone()
  clone.write('src/index.ts', 'a mistake')
  expect(await clone.script('prepare', 'exec').ended).toMatchObject({ code: 0, err: '' })
  expect(await clone.script('prepare', 'install').ended).toMatchObject({ code: 1 })
  clone.write('src/index.ts', '// index 1')
  expect(await clone.script('prepare', 'ci').ended).toMatchObject({ code: 0 })
  expect(clone.dist()).toEqual(FIRST)
})
