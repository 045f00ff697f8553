import { firstValueFrom } from 'rxjs'
import { describe } from 'vitest'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { testLinks } from '../../suites/link-suite.js'
import { openVanishingProxy } from '../../suites/vanishing-proxy.js'

describe('links over websockets', () => {
  const listening = listenForLinks()
  testLinks({
    name: 'websocket',
    async open() {
      const { address, ports$ } = await listening
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address)])
      return { left, right }
    },
    async openFragile() {
      const { address, ports$ } = await listening
      const target = { host: '127.0.0.1', port: Number(new URL(address).port) }
      const { port, vanish } = await openVanishingProxy({ host: '127.0.0.1', port: 0 }, target)
      const dialling = dialWebsocket(`ws://127.0.0.1:${port}`)
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialling])
      return { left, right, vanish }
    },
    close: async () => (await listening).close(),
  })
})
