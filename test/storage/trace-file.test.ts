import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { createGrowingFile, openDevice } from '../../src/storage/growing-file.js'
import { beginsTrace, createTraceFile, type TraceEvent } from '../../src/storage/trace-file.js'
import { builtFile } from '../support/built-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** The build, which a process of its own can run. */
const BUILT = builtFile('storage/growing-file.js').href

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const pathOf = (name: string) => join(folder.path, name)
const read = (name: string) => readFileSync(pathOf(name), 'utf8')

/** A trace in a file that is made. */
const traceIn = async (name: string, replaces = false) =>
  createTraceFile(await createGrowingFile(pathOf(name), { replaces }))
const event = (ts: number): TraceEvent => ({ name: 'advance "a"', ph: 'X', ts, dur: 0.125, pid: 1, tid: 2 })
const LINE = '{"name":"advance \\"a\\"","ph":"X","ts":1,"dur":0.125,"pid":1,"tid":2}'

describe('a trace file', () => {
  test('is a list of events, and one that lacks its end before that', async () => {
    const file = await traceIn('two.json')
    await file.append([])
    await file.append([event(1)])
    expect(read('two.json')).toBe(`[\n${LINE}`)
    await file.append([event(1), event(1)])
    await file.close()
    expect(read('two.json')).toBe(`[\n${LINE},\n${LINE},\n${LINE}\n]\n`)
    expect(JSON.parse(read('two.json'))).toEqual([event(1), event(1), event(1)])
  })

  test('takes any number of events at a time', async () => {
    const file = await traceIn('many.json')
    const events = Array.from({ length: 10_000 }, (_, k) => event(k))
    await file.append(events.values())
    await file.close()
    expect(JSON.parse(read('many.json'))).toEqual(events)
  })

  test('of nothing is an empty list', async () => {
    await (await traceIn('empty.json')).close()
    expect(JSON.parse(read('empty.json'))).toEqual([])
  })
})

test('what a trace begins with is known again, and nothing else', async () => {
  const named = await traceIn('named.json')
  await named.append([{ ...event(1), name: 'process_name' }])
  await named.close()
  for (const text of [read('named.json'), '[\n\n]\n', '']) expect(beginsTrace(text), text).toBe(true)
  for (const text of ['{"format":"antidrome-network"}', '[1, 2]', 'words']) expect(beginsTrace(text), text).toBe(false)
})

describe('a file that grows', () => {
  test('takes the place of none, unless it is to be replaced', async () => {
    await (await traceIn('first.json')).close()
    await expect(traceIn('first.json')).rejects.toMatchObject({ code: 'FILE_EXISTS', name: 'RunError' })
    const second = await traceIn('first.json', true)
    await second.append([event(1)])
    await second.close()
    expect(JSON.parse(read('first.json'))).toEqual([event(1)])
  })

  test('is told where it cannot be written', async () => {
    mkdirSync(pathOf('folder'))
    for (const [name, code] of [
      ['folder', 'FILE_EXISTS'],
      ['nowhere/t.json', 'FILE_UNWRITABLE'],
    ])
      await expect(traceIn(String(name))).rejects.toMatchObject({ code })
    expect(existsSync(pathOf('nowhere'))).toBe(false)
    await expect(openDevice(pathOf('none'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(existsSync(pathOf('none'))).toBe(false)
  })

  test('with no room for all of a text has none of it', async () => {
    const script = `
      import { createGrowingFile } from ${JSON.stringify(BUILT)}
      const file = await createGrowingFile(process.argv[1], { replaces: false })
      await file.append('kept ')
      try { await file.append('x'.repeat(1 << 20)) }
      catch ({ code }) { await file.append(code) }
      await file.close()`
    const command = `ulimit -f 256; exec "$0" --input-type=module -e "$1" "$2"`
    await promisify(execFile)('sh', ['-c', command, process.execPath, script, pathOf('short.txt')])
    expect(read('short.txt')).toBe('kept FILE_UNWRITABLE')
  })

  test.skipIf(process.platform !== 'linux')('may be a device, which has no places', async () => {
    const file = createTraceFile(await openDevice('/dev/null'))
    await file.append([event(1)])
    await file.close()
    const full = await openDevice('/dev/full')
    await expect(full.append('x')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' })
    await full.close()
  })
})
