import { describe, expect, test } from 'vitest'
import { moduleReference, readModuleName } from '../../../src/network/modules/module-reference.js'

const BASE = 'file:///home/ada/nets/lossy.json'
const refer = (given: object, base?: string) =>
  moduleReference({ module: 'file:///a/router.js', export: 'createOperator', ...given }, 'through[0]', base)
const refused = (given: object, base?: string) => {
  try {
    refer(given, base)
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

test('a reference is frozen plain data', () => {
  const options = { chance: 0.5, ways: [{ to: 'north', open: true, weight: null }] }
  const reference = refer({ module: new URL('file:///a/my%20routers/lossy.js'), options })
  expect(reference).toEqual({
    ...{ module: 'file:///a/my%20routers/lossy.js', name: 'lossy.js', export: 'createOperator' },
    options: { chance: 0.5, ways: [{ to: 'north', open: true, weight: null }] },
  })
  expect(JSON.parse(JSON.stringify(reference))).toEqual(reference)
  options.ways.pop()
  expect(reference.options.ways).toHaveLength(1)
  for (const part of [reference, reference.options, reference.options.ways]) expect(Object.isFrozen(part)).toBe(true)
})

describe('a path is resolved against the file that names it', () => {
  test.each([
    ['./router.js', 'file:///home/ada/nets/router.js', 'router.js'],
    ['router.js', 'file:///home/ada/nets/router.js', 'router.js'],
    ['lib/a #1?.js', 'file:///home/ada/nets/lib/a%20%231%3F.js', 'lib/a #1?.js'],
    ['../router.js', 'file:///home/ada/router.js', 'router.js'],
    ['/opt/router.js', 'file:///opt/router.js', 'router.js'],
    ['file:///opt/lib/router.js', 'file:///opt/lib/router.js', 'router.js'],
  ])('%s', (module, url, name) => {
    expect(refer({ module }, BASE)).toMatchObject({ module: url, name })
  })

  test('and an absolute one needs none', () => {
    expect(refer({ module: '/opt/router.js' }).module).toBe('file:///opt/router.js')
    expect(refused({ module: './router.js' })).toMatchObject({ code: 'MODULE_URL' })
  })
})

describe('what is no file is refused by name', () => {
  test.each([
    'data:text/javascript,export const createOperator = () => null',
    'http://example.org/router.js',
    'https://example.org/router.js',
    'HTTPS://example.org/router.js',
    'node:child_process',
    'blob:nodedata:1234',
    'javascript:1',
    'file://server/share/router.js',
    'file:///a/router.js?v=2',
    'file:///a/router.js#x',
  ])('%s', (module) => {
    expect(refused({ module }, BASE)).toMatchObject({
      code: 'MODULE_URL',
      mistake: { field: 'through[0].module', expected: expect.stringContaining('data:, http: or https:') },
    })
  })

  test.each([[3], [null], [undefined], [''], [{}]])('%j', (module) => {
    expect(refused({ module }, BASE)).toMatchObject({ mistake: { field: 'through[0].module' } })
  })
})

test.each(['../a.js', '/a.js', 'a/../../b.js', 'a//b.js', './a.js', '', 'a/', 'a\\b.js', 'a\0.js', 'a\n', 7, null])(
  'a name that might leave a folder is none: %j',
  (name) => {
    expect(() => readModuleName(name, 'name')).toThrow(expect.objectContaining({ code: 'MODULE_NAME' }))
  },
)

describe('options are plain data', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  test.each([
    ['options.rate', { rate: Number.NaN }],
    ['options.rate', { rate: Number.POSITIVE_INFINITY }],
    ['options.list[1]', { list: [0, undefined] }],
    ['options.list[0]', { list: new Array(1) }],
    ['options.deep.make', { deep: { make: () => 1 } }],
    ['options.when', { when: new Date(0) }],
    ['options.big', { big: 1n }],
    ['options.self', cyclic],
    ['options', []],
    ['options', 'x'],
    ['options', new (class Options {})()],
  ])('%s', (field, options) => {
    expect(refused({ options })).toMatchObject({
      code: 'MODULE_OPTIONS',
      mistake: { field: expect.stringContaining(`through[0].${field}`) },
    })
  })

  test('of typed arrays lists are to be made', () => {
    expect(refused({ options: { taps: Float64Array.of(1) } })).toMatchObject({
      mistake: { found: 'a Float64Array of 1', remedy: 'Array.from makes a list of it.' },
    })
  })

  test('a field without a value is absent, and no name is special', () => {
    const options = JSON.parse('{ "__proto__": { "polluted": 1 }, "constructor": 2 }')
    const reference = refer({ options: { ...{ gone: undefined }, inner: options } })
    expect(Object.keys(reference.options)).toEqual(['inner'])
    expect(JSON.stringify(reference.options.inner)).toBe(JSON.stringify(options))
    expect({}).not.toHaveProperty('polluted')
  })
})
