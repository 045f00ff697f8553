import { existsSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { parseChipProfile } from '../../src/hardware/profile/parse-chip-profile.js'
import { parseSanaFeArchitecture } from '../../src/hardware/sana-fe/parse-architecture.js'
import { architectureText } from '../hardware/sana-fe/architecture-text.js'
import { createWorkingFolder, jsonLines, run } from './run-in-process.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const TEXT = architectureText()
files.write('arch.yaml', TEXT)
const mistakeOf = (err: string) => jsonLines(err).find(({ error }) => error !== undefined)?.error

test('an architecture of SANA-FE becomes a profile, and what has no place there is named', async () => {
  const { code, out, err } = await run('convert', 'arch.yaml', 'chip.json', '--json')
  expect(code).toBe(0)
  expect(jsonLines(out)).toEqual([
    { converted: true, from: 'arch.yaml', to: 'chip.json', profile: 'a_chip', notExpressed: 1 },
  ])
  expect(jsonLines(err)).toEqual([
    {
      warning: {
        code: 'CHIP_NOT_EXPRESSED',
        message: 'arch.yaml: architecture.attributes.link_buffer_size (line 4): 16 has no place in a profile',
      },
    },
  ])
  const { profile } = parseSanaFeArchitecture(TEXT, 'arch.yaml')
  expect(parseChipProfile(readFileSync('chip.json', 'utf8'))).toEqual(profile)
  const placed = await run('place', 'yin-yang', '--chip', 'chip.json', '--json')
  expect(jsonLines(placed.out).at(-1)).toMatchObject({ placed: true, profile: 'a_chip', fits: true })
})

test('an older profile is replaced with --overwrite; what is no profile, and the architecture, never', async () => {
  files.write('old.json', readFileSync('chip.json', 'utf8').replace('a_chip', 'old'))
  expect((await run('convert', 'arch.yaml', 'old.json', '--overwrite')).code).toBe(0)
  expect(parseChipProfile(readFileSync('old.json', 'utf8')).name).toBe('a_chip')
  for (const text of ['{"some": "notes"}', JSON.stringify({ format: 'antidrome-network', version: 1 })]) {
    files.write('kept.json', text)
    const { code, err } = await run('convert', 'arch.yaml', 'kept.json', '--overwrite', '--json')
    expect([code, mistakeOf(err)]).toMatchObject([2, { code: 'FILE_EXISTS', field: 'to', file: 'kept.json' }])
    expect(readFileSync('kept.json', 'utf8')).toBe(text)
  }
})

test.each([
  ['a file that is there', ['arch.yaml', 'chip.json'], { code: 'FILE_EXISTS', field: 'to', file: 'chip.json' }],
  ['a file of another kind', ['chip.json', 'other.json'], { code: 'FLAG_VALUE', field: 'from' }],
  ['a profile of another kind', ['arch.yaml', 'other.txt'], { code: 'FLAG_VALUE', field: 'to' }],
  ['no file', ['none.yaml', 'other.json'], { code: 'FILE_UNREADABLE', field: 'from', file: 'none.yaml' }],
])('%s is refused, and nothing is written', async (_, args, expected) => {
  const { code, err } = await run('convert', ...args, '--json')
  expect([code, mistakeOf(err)]).toMatchObject([2, expected])
  expect(existsSync('other.json')).toBe(false)
})

test('an architecture in the place of a profile is told how to become one', async () => {
  const { code, err } = await run('place', 'yin-yang', '--chip', 'arch.yaml', '--json')
  expect([code, mistakeOf(err)]).toMatchObject([
    2,
    {
      code: 'CHIP_FORMAT',
      file: 'arch.yaml',
      remedy: expect.stringContaining('antidrome convert arch.yaml arch.json'),
    },
  ])
})
