import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { formatNetwork } from '../../src/network/file/network-file.js'
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
