import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { actor } from '../../src/network/description/actor-group.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, operator } from '../../src/network/description/projections.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { moduleReference } from '../../src/network/modules/module-reference.js'
import { moduleReferences } from '../../src/network/modules/module-references.js'
import { relativeModule } from '../../src/network/modules/relative-module.js'
import { loadNetwork, saveNetwork } from '../../src/storage/network-file.js'
import { anyNetwork } from '../network/arbitrary-network.js'
import '../support/guard.js'

const folder = mkdtempSync(join(tmpdir(), 'antidrome-network-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a network file', () => {
  test('gives the network back that was saved, to the bit', async () => {
    const path = join(folder, 'network.json')
    await fc.assert(
      fc.asyncProperty(anyNetwork, async (network) => {
        await saveNetwork(path, network)
        expect(await loadNetwork(path)).toEqual(network)
        expect(readdirSync(folder)).toEqual(['network.json'])
      }),
      { numRuns: 20 },
    )
  })

  test('that is damaged is named, and the place in it', async () => {
    const path = join(folder, 'damaged.json')
    const text = formatNetwork(fc.sample(anyNetwork, { numRuns: 1, seed: 1 })[0] as never)
    writeFileSync(path, text.replace('"version": 1', '"version": 2'))
    await expect(loadNetwork(path)).rejects.toMatchObject({
      mistake: { code: 'NETWORK_VERSION', file: path, field: 'version' },
    })
    await expect(loadNetwork(join(folder, 'none.json'))).rejects.toMatchObject({
      mistake: { code: 'FILE_UNREADABLE', file: join(folder, 'none.json') },
    })
  })

  test('that cannot be written is named', async () => {
    const network = fc.sample(anyNetwork, 1)[0] as never
    const path = join(folder, 'none', 'network.json')
    await expect(saveNetwork(path, network)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE', details: { file: path } })
  })
})

describe('a network file that names modules', () => {
  const code = 'export const createActor = 1'

  function networkOf(module: URL, router: URL) {
    const own = actor(3, module, { hold: 2 }, { export: 'createActor', name: 'actors/relay.js' })
    const through = [operator(router, { loss: 0.5 }, { name: 'router.js' })]
    return defineNetwork({
      groups: { in: source(2), own },
      projections: [connect('in', 'own', dense(1), { delay: 1, through })],
    })
  }

  const modulesIn = async (path: string) =>
    moduleReferences(await loadNetwork(path, { allowModules: true })).map(({ module }) => module)

  test('names them from where it lies, so that a folder with both may be moved', async () => {
    const [before, after] = [join(folder, 'before'), join(folder, 'after')]
    for (const each of ['nets/below', '@mine/a b#1%/ö']) mkdirSync(join(before, each), { recursive: true })
    const [own, router] = ['@mine/a b#1%/ö/relay+1.js', 'nets/below/router.js']
    for (const each of [own, router]) writeFileSync(join(before, each), code)
    const urlsIn = (root: string) => [own, router].map((each) => pathToFileURL(join(root, each)))
    const network = networkOf(...(urlsIn(before) as [URL, URL]))
    const path = join('nets', 'network.json')
    await saveNetwork(join(before, path), network)
    const { groups, projections } = JSON.parse(readFileSync(join(before, path), 'utf8'))
    expect(groups[1].module).toMatchObject({ module: `../${own}`, name: 'actors/relay.js', options: { hold: 2 } })
    expect(projections[0].through).toMatchObject([{ module: './below/router.js', name: 'router.js' }])
    expect(await loadNetwork(join(before, path), { allowModules: true })).toEqual(network)
    renameSync(before, after)
    expect(await modulesIn(join(after, path))).toEqual(urlsIn(after).map(({ href }) => href))
    for (const url of await modulesIn(join(after, path))) expect(readFileSync(new URL(url), 'utf8')).toBe(code)
  })

  test('names those by their URL that have no folder in common with it', async () => {
    const path = join(folder, 'apart.json')
    const elsewhere = ['file:///elsewhere/relay.js', 'file:///router.js'].map((each) => new URL(each)) as [URL, URL]
    const network = networkOf(...elsewhere)
    await saveNetwork(path, network)
    expect(JSON.parse(readFileSync(path, 'utf8')).groups[1].module.module).toBe('file:///elsewhere/relay.js')
    expect(await modulesIn(path)).toEqual(elsewhere.map(({ href }) => href))
    expect(await loadNetwork(path, { allowModules: true })).toEqual(network)
  })
})

test('paths are written between files below a folder, and lead back to the URL they stand for', () => {
  const rows: readonly (readonly [module: string, base: string, written: string])[] = [
    ['file:///nets/lossy.js', 'file:///nets/a.json', './lossy.js'],
    ['file:///lossy.js', 'file:///a.json', './lossy.js'],
    ['file:///lossy.js', 'file:///nets/a.json', 'file:///lossy.js'],
    ['file:///nets/lossy.js', 'file:///nets/below/this/a.json', '../../lossy.js'],
    ['file:///nets/nets/lossy.js', 'file:///nets/other/a.json', '../nets/lossy.js'],
    ['file:///nets', 'file:///nets/a.json', 'file:///nets'],
    ['file:///C:/nets/lossy.js', 'file:///C:/nets/runs/a.json', '../lossy.js'],
    ['file:///C:/nets/lossy.js', 'file:///D:/nets/a.json', 'file:///C:/nets/lossy.js'],
    ['file:///C:/one/lossy.js', 'file:///C:/two/a.json', 'file:///C:/one/lossy.js'],
    ['file:///nets/a%2Fb.js', 'file:///nets/a.json', 'file:///nets/a%2Fb.js'],
    ['file:///nets/a%ff.js', 'file:///nets/a.json', 'file:///nets/a%ff.js'],
    ['file:///nets/a:b%20c.js', 'file:///nets/a.json', './a:b c.js'],
  ]
  for (const [module, base, written] of rows) {
    expect(relativeModule({ module }, base)).toBe(written)
    expect(moduleReference({ module: written, name: 'm.js', export: 'a' }, 'module', base).module).toBe(module)
  }
})
