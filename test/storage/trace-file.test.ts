import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createTraceFile, requireReplaceable, type TraceEvent } from '../../src/storage/trace-file.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())
const pathOf = (name: string) => join(folder.path, name)
const read = (name: string) => readFileSync(pathOf(name), 'utf8')

const event = (ts: number): TraceEvent => ({ name: 'advance "a"', ph: 'X', ts, dur: 0.125, pid: 1, tid: 2 })
const LINE = '{"name":"advance \\"a\\"","ph":"X","ts":1,"dur":0.125,"pid":1,"tid":2}'

describe('a trace file', () => {
  test('is a list of events, and one that lacks its end before that', async () => {
    const file = await createTraceFile(pathOf('two.json'), { overwrite: false })
    await file.append([])
    await file.append([event(1)])
    expect(read('two.json')).toBe(`[\n${LINE}`)
    await file.append([event(1), event(1)])
    await file.close()
    expect(read('two.json')).toBe(`[\n${LINE},\n${LINE},\n${LINE}\n]\n`)
    expect(JSON.parse(read('two.json'))).toEqual([event(1), event(1), event(1)])
  })

  test('takes any number of events at a time', async () => {
    const file = await createTraceFile(pathOf('many.json'), { overwrite: false })
    const events = Array.from({ length: 10_000 }, (_, k) => event(k))
    await file.append(events.values())
    await file.close()
    expect(JSON.parse(read('many.json'))).toEqual(events)
  })

  test('of nothing is an empty list', async () => {
    await (await createTraceFile(pathOf('empty.json'), { overwrite: false })).close()
    expect(JSON.parse(read('empty.json'))).toEqual([])
  })
})

describe('a file that is there', () => {
  test('is refused, and a trace is replaced with overwrite', async () => {
    const path = pathOf('first.json')
    const first = await createTraceFile(path, { overwrite: false })
    await first.append([{ ...event(1), name: 'process_name' }])
    await first.close()
    const again = createTraceFile(path, { overwrite: false })
    await expect(again).rejects.toMatchObject({ code: 'TRACE_EXISTS', mistake: { file: path } })
    const second = await createTraceFile(path, { overwrite: true })
    await second.close()
    expect(JSON.parse(read('first.json'))).toEqual([])
    // The empty one, too, is a trace.
    expect(await requireReplaceable(path, true)).toBe(true)
    await (await createTraceFile(path, { overwrite: true })).close()
  })

  test.each(['{"format":"antidrome-network"}', '[1, 2]', 'words'])('that is no trace, %s, stays', async (text) => {
    writeFileSync(pathOf('other.json'), text)
    for (const overwrite of [true, false])
      await expect(createTraceFile(pathOf('other.json'), { overwrite })).rejects.toMatchObject({
        code: 'TRACE_EXISTS',
        mistake: { found: 'a file that is no trace', remedy: 'Choose another path.' },
      })
    expect(read('other.json')).toBe(text)
  })

  test('a path that cannot be written is told', async () => {
    mkdirSync(pathOf('folder'))
    for (const name of ['folder', 'nowhere/t.json'])
      await expect(createTraceFile(pathOf(name), { overwrite: false })).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
      })
    expect(existsSync(pathOf('nowhere'))).toBe(false)
  })
})
