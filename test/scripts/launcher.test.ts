import { mkdirSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Clone } from './clone.js'

const LAUNCHER = 'bin/antidrome.mjs'

const clone = new Clone()
afterAll(() => clone[Symbol.dispose]())

test('before a build the command says that one is needed', async () => {
  const { code, out, err } = await clone.run(LAUNCHER, '--help').ended
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe('antidrome is not built yet. Build first: npm install && npm run build\n')
})

test('and says so as JSON where that is asked for', async () => {
  const { code, out, err } = await clone.run(LAUNCHER, 'doctor', '--json').ended
  expect([code, out]).toEqual([1, ''])
  expect(JSON.parse(err).error).toMatchObject({ code: 'NOT_BUILT', remedy: expect.stringContaining('npm run build') })
})

describe('after a build', () => {
  beforeAll(() => void mkdirSync(`${clone.root}/dist/bundle`, { recursive: true }))

  test('it is the command that was built, with its arguments and exit code', async () => {
    clone.write('dist/bundle/main.js', 'console.log(process.argv.slice(2).join()); process.exitCode = 2')
    expect(await clone.run(LAUNCHER, 'train', '--json').ended).toEqual({ code: 2, out: 'train,--json\n', err: '' })
  })

  test('broken modules are not taken for missing ones', async () => {
    clone.write('dist/bundle/main.js', `import './gone.js'`)
    expect((await clone.run(LAUNCHER, '--help').ended).err).toContain('ERR_MODULE_NOT_FOUND')
  })

  test('where too few files may be open for it to be loaded it says so', async () => {
    clone.write(
      'dist/bundle/main.js',
      `throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })`,
    )
    const { code, out, err } = await clone.run(LAUNCHER, '--help').ended
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe(
      'antidrome ran out of files that may be open at a time. Raise the limit, for instance by ulimit -n 1024.\n',
    )
  })
})

test('it can be executed as it lies in the repository', () => {
  expect(statSync(new URL(`../../${LAUNCHER}`, import.meta.url)).mode & 0o111).toBe(0o111)
})
