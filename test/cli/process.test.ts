import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, test } from 'vitest'
import { builtFile } from '../support/built-file.js'
import { CLOSED_FORM, createFiles, run } from './run-in-process.js'
import { finish, runProcess, start } from './run-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

describe('the process', () => {
  test('does what the command does, and exits with its code', async () => {
    const network = files.write('n.json', CLOSED_FORM)
    for (const argv of [
      ['simulate', network, '--json'],
      ['simulate', network, '--foo'],
    ]) {
      expect(await runProcess(files.folder, ...argv)).toEqual(await run(...argv))
    }
  })

  test('ends without a word when nobody reads on', async () => {
    const times = Array.from({ length: 20_000 }, (_, k) => k)
    const network = files.write('n.json', CLOSED_FORM)
    const input = files.write('long.json', { input: { times, units: times.map(() => 0) } })
    const child = start(files.folder, 'simulate', network, '--input', input, '--record', 'input,out', '--json')
    child.stdout.once('data', () => child.stdout.destroy())
    const { code, err } = await finish(child)
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })
})

describe('an error of the library that nobody catches', () => {
  const INDEX = builtFile('bundle/index.js')

  test.each([
    ['thrown', 'library.defineNetwork({ groups: {} })', 'projections: found nothing, expected a list.'],
    ['rejected', 'await library.open({ groups: 3 })', 'network: found an object with groups, expected a network'],
  ])('tells its facts once, and no line of the bundle: %s', (_, call, fact) => {
    const program = `const library = await import('${INDEX}')\n${call}`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr.split(fact), stderr).toHaveLength(2)
    expect(stderr.split('found').length, stderr).toBe(2)
    expect(stderr).toMatch(/^InputError: /m)
    const lines = stderr.split('\n').filter((line) => !/^\s+at /.test(line))
    expect(lines.filter((line) => /new InputError|throw|function|chunk-/.test(line))).toEqual([])
  })
})
