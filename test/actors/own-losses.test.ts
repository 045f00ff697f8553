import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadLoss } from '../../src/actors/modules/loss-module.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { built } from './built-cluster.js'

const MODULE = new URL('./losses-of-users.mjs', import.meta.url)
const OWN = "export const createLoss = () => ({ name: 'none', observes: 'spikes', evaluate: () => ({ loss: null }) })"

describe('a module is refused where it is named', () => {
  test.each([
    ['nothing', 'LOSS_NOT_MADE', 'found 17 from nothing, expected a loss, as defineLoss returns it'],
    ['throwing', 'LOSS_NOT_MADE', 'found the error the table is missing from throwing'],
    ['hiding', 'LOSS_NOT_MADE', 'found the error ev getter from hiding'],
    ['biting', 'LOSS_NOT_MADE', 'found the error something that cannot be looked at from biting'],
    ['misnamed', 'NAME_INVALID', 'misnamed.name: found "a b"'],
    ['creatLoss', 'MODULE_EXPORT', 'createLoss'],
  ])('whose export %s makes none', async (name, code, text) => {
    const error = await built.lossModule(MODULE, { export: name }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, message: expect.stringContaining('losses-of-users.mjs') })
    expect((error as Error).message).toContain(text)
  })

  test.each<[unknown, object | undefined, string]>([
    [new URL('./gone.mjs', import.meta.url), undefined, 'MODULE_NOT_FOUND'],
    ['data:text/javascript,export const createLoss = 1', undefined, 'MODULE_URL'],
    [MODULE, { options: { f: () => 1 } }, 'MODULE_OPTIONS'],
    [MODULE, { option: {} }, 'FIELD_UNKNOWN'],
  ])('%s with %o', async (module, options, code) => {
    await expect(built.lossModule(module as URL, options)).rejects.toMatchObject({ code })
  })
})

test('workers of other machines find their own copy, of the same code, below their folder of modules', async () => {
  await using here = await temporaryFolder()
  await using there = await temporaryFolder()
  writeFileSync(join(here.path, 'none.mjs'), OWN)
  const module = (await built.lossModule(join(here.path, 'none.mjs'))).on('out').module!
  const policy = { kind: 'own', modules: there.path } as const
  await expect(loadLoss(module, { kind: 'own' })).rejects.toMatchObject({ code: 'MODULE_FORBIDDEN' })
  await expect(loadLoss(module, policy)).rejects.toMatchObject({ code: 'MODULE_NOT_FOUND' })
  writeFileSync(join(there.path, 'none.mjs'), `${OWN}\n// Another one.`)
  await expect(loadLoss(module, policy)).rejects.toMatchObject({ code: 'MODULE_DIFFERS' })
  copyFileSync(join(here.path, 'none.mjs'), join(there.path, 'none.mjs'))
  expect(await loadLoss(module, policy)).toMatchObject({ name: 'none', observes: 'spikes' })
})
