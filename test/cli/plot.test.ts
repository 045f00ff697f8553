import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { RECORDED } from './recording/recorded-network.js'
import { createFiles, jsonLines, run } from './run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())
const network = files.write('network.json', RECORDED)
const at = (name: string) => join(files.folder, name)

test('plot draws what simulate --out has recorded', async () => {
  await run('simulate', network, '--out', at('first'), '--until', '60')
  const { code, out, err } = await run('plot', at('first'), '--out', at('first.svg'), '--json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const [exc, inh] = jsonLines(out)
  expect(exc).toMatchObject({ group: 'exc', size: 64, from: 0, until: 60 })
  expect(exc!.rate).toBeGreaterThan(50)
  expect(inh!.group).toBe('inh')
  const svg = readFileSync(at('first.svg'), 'utf8')
  expect(svg).toContain('40 of 64')
  expect(svg).toContain('>first<')
})

test('plot says what is wrong, and leaves the picture that was there', async () => {
  files.write('kept.svg', 'old')
  const refusals: readonly (readonly [readonly string[], number, string])[] = [
    [
      [at('none'), '--out', at('kept.svg')],
      2,
      'none: manifest.json: found no such file, expected the folder of a recording',
    ],
    [[at('first')], 2, '--out'],
    [[at('first'), '--out', at('kept.svg'), '--from', '70'], 2, 'found a recording of 0 to 60 ms'],
    [[at('first'), '--out', at('kept.svg'), '--from', '9', '--until', '8'], 2, '--from: found 9 ms'],
    [[at('first'), '--out', at('none/kept.svg')], 2, `found a path in ${at('none')}, a folder that is not there`],
    [[at('first'), '--out', at('kept.svg/new.svg')], 2, '--out: found a path that leads through a file'],
    [[at('first'), '--out', at(`${'n'.repeat(252)}.svg`)], 2, '--out: found a name that is longer than'],
    [[at('first'), '--out', at('dangling/new.svg')], 2, `found a link that leads nowhere (${at('dangling')})`],
  ]
  symlinkSync('nowhere', at('dangling'))
  for (const [argv, expected, words] of refusals) {
    const { code, err } = await run('plot', ...argv, '--overwrite')
    expect(err).toContain(words)
    expect(code).toBe(expected)
  }
  expect(readFileSync(at('kept.svg'), 'utf8')).toBe('old')
  expect(readdirSync(files.folder).filter((name) => name.startsWith('.'))).toEqual([])
})

test('plot writes a picture of the longest name that a file may have, and in the place of a link to nothing', async () => {
  await run('simulate', network, '--out', at('named'), '--until', '20')
  symlinkSync('nowhere', at('link.svg'))
  for (const name of [`${'n'.repeat(251)}.svg`, 'link.svg']) {
    expect(await run('plot', at('named'), '--out', at(name))).toMatchObject({ code: 0, err: '' })
    expect(readFileSync(at(name), 'utf8')).toContain('<svg')
  }
})
