import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { firstValueFrom } from 'rxjs'
import { afterAll, describe, expect, test } from 'vitest'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { testLinks } from '../../suites/link-suite.js'
import { openVanishingProxy } from '../../suites/vanishing-proxy.js'
import '../../support/guard.js'

const folder = mkdtempSync(join(tmpdir(), 'antidrome-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('links over Unix sockets', () => {
  const listening = listenForLinks({ path: join(folder, 'suite.sock') })
  let proxies = 0
  testLinks({
    name: 'unix',
    async open() {
      const { address, ports$ } = await listening
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address)])
      return { left, right }
    },
    async openFragile() {
      const { ports$ } = await listening
      const path = join(folder, `proxy-${proxies++}.sock`)
      const { vanish } = await openVanishingProxy({ path }, { path: join(folder, 'suite.sock') })
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(`ws+unix:${path}:/`)])
      return { left, right, vanish }
    },
    close: async () => (await listening).close(),
  })
})

describe('a listener at a Unix socket', () => {
  test('has the socket for an address, and leaves nothing behind', async () => {
    const path = join(folder, 'alone.sock')
    const listener = await listenForLinks({ path })
    expect(listener.address).toBe(`ws+unix:${path}:/`)
    expect(existsSync(path)).toBe(true)
    await listener.close()
    expect(existsSync(path)).toBe(false)
  })

  test.each([
    { what: 'is too long', path: join(folder, 'x'.repeat(103)), says: 'at most 103 bytes' },
    { what: 'has a colon', path: join(folder, 'a:b'), says: 'without a colon' },
    { what: 'leads nowhere', path: join(folder, 'none', 'a.sock'), says: 'a folder that can be written to' },
  ])('refuses a path that $what', async ({ path, says }) => {
    const listening = listenForLinks({ path })
    await expect(listening).rejects.toMatchObject({ code: 'SOCKET_PATH_INVALID' })
    await expect(listening).rejects.toThrow(says)
    await expect(listening).rejects.toThrow('TMPDIR')
  })

  test('refuses a path where something is already, and leaves it alone', async () => {
    const path = join(folder, 'taken')
    writeFileSync(path, 'mine')
    await expect(listenForLinks({ path })).rejects.toMatchObject({ code: 'SOCKET_PATH_INVALID' })
    expect(existsSync(path)).toBe(true)
  })

  test('is unreachable once it has gone', async () => {
    const path = join(folder, 'gone.sock')
    const listener = await listenForLinks({ path })
    await listener.close()
    await expect(dialWebsocket(listener.address)).rejects.toMatchObject({ code: 'LINK_UNREACHABLE' })
  })
})
