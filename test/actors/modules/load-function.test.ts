import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadFunction } from '../../../src/actors/modules/load-export.js'
import { ANY_MODULE, type ModulePolicy } from '../../../src/actors/modules/module-policy.js'
import { moduleReference } from '../../../src/network/modules/module-reference.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function loading(text: string | null, name = 'createOperator', policy: ModulePolicy = ANY_MODULE) {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'router.mjs')
  if (text !== null) writeFileSync(path, text)
  const module = pathToFileURL(path)
  try {
    return (await loadFunction(moduleReference({ module, export: name }, 'through[0]'), policy))('given')
  } catch (error) {
    return error
  }
}

test('the function that a module exports is called', async () => {
  expect(await loading('export const createOperator = (given) => given + " to it"')).toBe('given to it')
})

describe('what cannot be loaded is told with module, export, found and expected', () => {
  test('a module that is not there', async () => {
    expect(await loading(null)).toMatchObject({
      code: 'MODULE_NOT_FOUND',
      mistake: {
        field: expect.stringMatching(/^file:.*router\.mjs$/),
        found: expect.stringMatching(/^no file \/.*router\.mjs$/),
      },
    })
  })

  test('a module that throws while it is loaded', async () => {
    expect(await loading('throw new RangeError("no table")')).toMatchObject({
      code: 'MODULE_FAILED',
      mistake: {
        field: expect.stringMatching(/router\.mjs$/),
        found: 'an error while it was loaded: no table',
        cause: { name: 'RangeError' },
      },
    })
  })

  test('a module that is no JavaScript, or imports what is not there', async () => {
    expect(await loading('export const = ')).toMatchObject({ code: 'MODULE_FAILED' })
    expect(await loading('import "./gone.mjs"')).toMatchObject({
      code: 'MODULE_FAILED',
      mistake: { found: expect.stringContaining('gone.mjs') },
    })
  })

  test.each([
    ['export const other = 1; export function createOperators() {}', 'the exports other, createOperators'],
    ['', 'no exports'],
    ['export const createOperator = 3', 'createOperator, 3'],
    ['export const createOperator = { apply() {} }', 'createOperator, an object with apply'],
  ])('a module without that function: %s', async (text, found) => {
    expect(await loading(text)).toMatchObject({
      code: 'MODULE_EXPORT',
      mistake: { found, expected: 'a function createOperator among its exports' },
    })
  })

  test.each(['__proto__', 'constructor', 'toString'])('what every object has is no export: %s', async (name) => {
    expect(await loading('export const a = 1', name)).toMatchObject({ code: 'MODULE_EXPORT' })
  })
})

describe('a worker of another machine', () => {
  const OWN = 'export const createOperator = () => "its own"'
  const refer = (name: string) =>
    moduleReference({ module: 'file:///elsewhere/router.mjs', name, export: 'createOperator' }, 'through[0]')

  test('loads its own copy, by the name below its folder', async () => {
    await using folder = await temporaryFolder()
    const modules = join(folder.path, 'modules')
    mkdirSync(join(modules, 'lib'), { recursive: true })
    writeFileSync(join(modules, 'lib', 'router.mjs'), OWN)
    const policy = { kind: 'own', modules } as const
    expect((await loadFunction(refer('lib/router.mjs'), policy))()).toBe('its own')
    await expect(loadFunction(refer('router.mjs'), policy)).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' })
    await expect(loadFunction(refer('lib'), policy)).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' })
  })

  test('loads nothing that lies elsewhere', async () => {
    await using folder = await temporaryFolder()
    const modules = join(folder.path, 'modules')
    mkdirSync(modules)
    writeFileSync(join(folder.path, 'router.mjs'), OWN)
    symlinkSync(join(folder.path, 'router.mjs'), join(modules, 'link.mjs'))
    const policy = { kind: 'own', modules } as const
    await expect(loadFunction(refer('link.mjs'), policy)).rejects.toMatchObject({ code: 'MODULE_FORBIDDEN' })
    // Whoever sends a reference need not have checked it.
    for (const name of ['../router.mjs', join(folder.path, 'router.mjs'), ''])
      await expect(loadFunction({ ...refer('a.mjs'), name }, policy)).rejects.toMatchObject({ code: 'MODULE_NAME' })
  })

  test('loads nothing without a folder, and says what to do', async () => {
    const error = loadFunction(refer('router.mjs'), { kind: 'own' })
    await expect(error).rejects.toMatchObject({
      code: 'MODULE_FORBIDDEN',
      mistake: { found: '"router.mjs"', remedy: expect.stringContaining('--modules DIR') },
    })
  })
})
