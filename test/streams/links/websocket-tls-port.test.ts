import { firstValueFrom } from 'rxjs'
import { describe } from 'vitest'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { testLinks } from '../../suites/link-suite.js'
import { openVanishingProxy } from '../../suites/vanishing-proxy.js'
import { inTurn } from '../../support/in-turn.js'
import { WAYS } from './tls-ways.js'

describe.each(inTurn(WAYS, 1))('links over websockets encrypted by $name', ({ name, listen, dial: tls }) => {
  const listening = listenForLinks({ tls: listen })
  testLinks({
    name,
    async open() {
      const { address, ports$ } = await listening
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address, { tls })])
      return { left, right }
    },
    async openFragile() {
      const { address, ports$ } = await listening
      const target = { host: '127.0.0.1', port: Number(new URL(address).port) }
      const { port, vanish } = await openVanishingProxy({ host: '127.0.0.1', port: 0 }, target)
      const dialling = dialWebsocket(`wss://127.0.0.1:${port}`, { tls })
      const [{ port: right }, left] = await Promise.all([firstValueFrom(ports$), dialling])
      return { left, right, vanish }
    },
    close: async () => (await listening).close(),
  })
})
