import { firstValueFrom } from 'rxjs'
import { describe } from 'vitest'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import { testLinks } from '../../suites/link-suite.js'

describe('links over websockets', () => {
  const listening = listenForLinks()
  testLinks({
    name: 'websocket',
    async open() {
      const { address, ports$ } = await listening
      const [right, left] = await Promise.all([firstValueFrom(ports$), dialWebsocket(address)])
      return { left, right }
    },
    close: async () => (await listening).close(),
  })
})
