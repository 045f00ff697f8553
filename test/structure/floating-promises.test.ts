import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { createProgramOf, findFloatingPromises } from '../support/floating-promises.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('nothing in the repository drops a promise, and one more would be found', () => {
  const { fileNames, options, errors } = projectOf(`${ROOT}tsconfig.json`)
  expect(errors).toEqual([])
  expect(fileNames.length).toBeGreaterThan(2000)
  const planted = `${ROOT}src/actors/supervision/planted.ts`
  const text = `import { settlesWithin } from './core-worker.js'\nsettlesWithin(Promise.resolve(), 3)`
  const program = createProgramOf(fileNames, options, new Map([[planted, text]]))
  const found = findFloatingPromises(program, (file) => !file.includes('/node_modules/'))
  expect(found).toEqual([{ path: planted, line: 2, found: 'settlesWithin(Promise.resolve(), 3)' }])
})

function projectOf(file: string) {
  const { config } = ts.readConfigFile(file, ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
}

const HEAD = `
declare function work(): Promise<number>
declare function mayWork(): Promise<void> | undefined
declare function either(work: () => Promise<void>): Promise<void>
declare function either(work: () => void): void
declare function same<T>(value: T): T
declare const desk: { open?(): PromiseLike<void>; readonly then: number }
declare const isReady: boolean
declare const all: Promise<void>[]
export {}
`

const planted = [
  'work()',
  'mayWork()',
  'new Promise(() => undefined)',
  'all[0]',
  'work().then(() => 3)',
  'work().finally(() => 3)',
  'work().then(() => 3).finally(() => 3)',
  'work().catch()',
  'work().catch(() => 3).then(() => work())',
  'same(work())',
  'either(async () => undefined)',
  'Promise.all(all)',
  'all.map(async () => 3)',
  'desk.open?.()',
  'desk.open?.call(desk)',
  '(work())',
  'isReady && work()',
  'isReady ? undefined : work()',
  'isReady, work()',
  '(async () => 3)()',
  'async function later() {\n  work()\n  await work()\n}',
  'setTimeout(() => {\n  work()\n})',
  'class A { async open() { this.close() }\n async close() {} }',
  'async function expect(): Promise<{ rejects: { toThrow(): Promise<void> } }> { throw 3 }\n(await expect()).rejects.toThrow()',
]

const handled = [
  'await work()',
  'void work()',
  'await Promise.all(all)',
  'work().catch(() => 3)',
  'work().then(() => 3, () => 3)',
  'work().then(() => 3).catch(() => 3)',
  'work().then(() => 3, () => 3).finally(() => 3)',
  'isReady && void work()',
  'isReady && (await work())',
  'const kept = work()',
  'let kept; kept = work()',
  'desk',
  'same(3)',
  'all.push(same(work().then(() => undefined)))',
  'either(() => undefined)',
  'async function later() { return work() }',
  'setTimeout(() => work())',
]

describe('a dropped promise', () => {
  const name = (kind: string, k: number) => `${ROOT}planted/${kind}${k}.ts`
  const texts = new Map([
    ...planted.map((text, k) => [name('dropped', k), HEAD + text] as const),
    ...handled.map((text, k) => [name('handled', k), HEAD + text] as const),
  ])
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, strict: true, types: [] }
  const program = createProgramOf([], options, texts)
  const found = findFloatingPromises(program, (file) => texts.has(file)).map(({ path }) => path)

  test.each(planted.map((text, k) => [text, k] as const))('is found in %j', (_, k) => {
    expect(found.filter((path) => path === name('dropped', k))).toHaveLength(1)
  })

  test.each(handled.map((text, k) => [text, k] as const))('is not in %j', (_, k) => {
    expect(found).not.toContain(name('handled', k))
  })
})
