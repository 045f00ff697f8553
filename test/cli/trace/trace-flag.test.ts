import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import type { TraceEvent } from '../../../src/storage/trace-file.js'
import { expectTrace } from '../../support/trace-laws.js'
import { CLOSED_FORM, createWorkingFolder, jsonLines, run } from '../run-in-process.js'
import { TINY_PRESET } from '../tiny-training.js'

const files = createWorkingFolder()
afterAll(() => files[Symbol.dispose]())

const PRESET = files.write('tiny.json', TINY_PRESET)
const NETWORK = files.write('n.json', CLOSED_FORM)
const INPUT = files.write('i.json', { input: { times: [2, 3], units: [0, 0] } })
const SIMULATE = ['simulate', NETWORK, '--input', INPUT]
const TRAIN = ['train', 'temporal-patterns', '--preset', PRESET, '--json']
const VIEWERS = 'holds the trace; ui.perfetto.dev and chrome://tracing read it.\n'

function eventsIn(path: string): readonly TraceEvent[] {
  const events = JSON.parse(readFileSync(path, 'utf8')) as readonly TraceEvent[]
  expectTrace(events)
  return events
}

const digestOf = (out: string) => jsonLines(out).at(-1)?.digest

describe('train --trace', () => {
  test('writes what was done, and ends with the same digest', async () => {
    const plain = await run(...TRAIN)
    const { code, out, err } = await run(...TRAIN, '--trace', 'train.json')
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(new RegExp(`antidrome: train.json ${VIEWERS}$`)),
    })
    expect(digestOf(out)).toBe(digestOf(plain.out))
    expect(digestOf(out)).toEqual(expect.any(String))
    const names = eventsIn('train.json').map(({ name }) => name)
    for (const name of ['step', 'advance hidden', 'backward output', 'optimizer step', 'evaluate loss'])
      expect(names).toContain(name)
  })

  test('writes a file for each of several seeds, and refuses before the first if one is there', async () => {
    const { code } = await run(...TRAIN, '--seeds', '1,2', '--trace', 'each.json')
    expect(code).toBe(0)
    for (const seed of [1, 2]) expect(eventsIn(`each.seed-${seed}.json`).length).toBeGreaterThan(0)
    expect(existsSync('each.json')).toBe(false)
    const runs = readdirSync('runs')
    const again = await run(...TRAIN, '--seeds', '2,3', '--trace', 'each.json')
    expect(again.code).toBe(2)
    expect(jsonLines(again.err)[0]?.error).toMatchObject({ file: 'each.seed-2.json', field: '--trace' })
    expect([readdirSync('runs'), existsSync('each.seed-3.json')]).toEqual([runs, false])
  })

  test.each([
    ['--name', 'runs/inside/network.json', 'inside'],
    ['--name', 'runs/inside', 'inside'],
    ['--checkpoint', 'kept/trace.json', 'kept'],
  ])('is refused inside of the folder of %s, at %s', async (flag, path, folder) => {
    const { code, err } = await run(...TRAIN, flag, folder, '--trace', path)
    expect(code).toBe(2)
    expect(jsonLines(err)[0]?.error).toMatchObject({
      ...{ code: 'FLAG_CONFLICT', field: '--trace', file: path },
      found: expect.stringContaining(`which ${flag} fills`),
    })
    expect(existsSync(folder) || existsSync(`runs/${folder}`)).toBe(false)
  })

  test('is refused beside the surrogate method, which has no actors', async () => {
    const { code, err } = await run(...TRAIN, '--method', 'surrogate', '--trace', 'surrogate.json')
    expect(code).toBe(2)
    expect(jsonLines(err)[0]?.error).toMatchObject({ code: 'FLAG_CONFLICT', field: '--trace' })
    expect(existsSync('surrogate.json')).toBe(false)
  })
})

describe('simulate --trace', () => {
  test.each([
    { what: 'a trial', flags: [] },
    { what: 'a recording', flags: ['--out', 'recorded', '--segment', '5', '--until', '20'] },
  ])('writes what was done for $what, which stays as it is', async ({ what, flags }) => {
    const { out: plain } = await run(...SIMULATE, ...flags)
    const path = `${what}.json`
    const { code, out, err } = await run(...SIMULATE, ...flags, '--overwrite', '--trace', path)
    expect({ code, out, err }).toEqual({ code: 0, out: plain, err: `antidrome: ${path} ${VIEWERS}` })
    const runs = eventsIn(path).filter(({ ph, name }) => ph === 'X' && name === 'run')
    expect(runs.map(({ args }) => args?.run)).toEqual(flags.length === 0 ? [1] : [1, 2, 3, 4])
  })

  test('replaces nothing but a trace, and that with --overwrite alone', async () => {
    expect((await run(...SIMULATE, '--trace', 'once.json')).code).toBe(0)
    const again = await run(...SIMULATE, '--trace', 'once.json')
    expect(again).toMatchObject({ code: 2, out: '' })
    expect(again.err).toMatch(/^antidrome: once.json: --trace: found a trace .*--overwrite\. \[TRACE_EXISTS\]\n$/)
    expect((await run(...SIMULATE, '--trace', 'once.json', '--overwrite')).code).toBe(0)
    eventsIn('once.json')
    writeFileSync('notes.txt', 'mine')
    for (const more of [[], ['--overwrite']])
      expect((await run(...SIMULATE, '--trace', 'notes.txt', ...more)).err).toContain('a file that is no trace')
    expect(readFileSync('notes.txt', 'utf8')).toBe('mine')
  })

  test.each(['nowhere/t.json', 'recorded'])('refuses %s, and leaves nothing', async (path) => {
    const { code, err } = await run(...SIMULATE, '--json', '--trace', path)
    expect(code).toBe(2)
    expect(jsonLines(err)[0]?.error).toMatchObject({ code: 'FILE_UNWRITABLE', field: '--trace', file: path })
  })

  test('leaves no file for what does not begin', async () => {
    const { code } = await run(...SIMULATE, '--cores', '9', '--trace', 'none.json')
    expect([code, existsSync('none.json')]).toEqual([2, false])
  })
})
