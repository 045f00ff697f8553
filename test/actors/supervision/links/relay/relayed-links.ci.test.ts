import { firstValueFrom } from 'rxjs'
import { describe } from 'vitest'
import type { GuestOptions } from '../../../../../src/actors/supervision/links/link-carrier.js'
import type { DialTls } from '../../../../../src/streams/links/websocket-tls.js'
import { AUTHORITY, IDENTITY, SECRET } from '../../../../streams/links/tls-ways.js'
import { testLinks } from '../../../../suites/link-suite.js'
import { openVanishingProxy } from '../../../../suites/vanishing-proxy.js'
import { inTurn } from '../../../../support/in-turn.js'
import { openRelay } from './built-relay.js'

interface Way {
  readonly name: string
  readonly options: GuestOptions
  readonly tls: DialTls
}

const WAYS: readonly Way[] = [
  {
    name: 'a key',
    options: { security: { kind: 'psk' } },
    tls: { kind: 'psk', identity: IDENTITY, secret: SECRET },
  },
  {
    name: 'a certificate',
    options: { security: { kind: 'certificate', ...AUTHORITY.issue({ hosts: ['127.0.0.1'] }) } },
    tls: { kind: 'certificate', ca: AUTHORITY.cert },
  },
]

describe.each(inTurn(WAYS, 0))('links that other threads carry, encrypted by $name', ({ name, options, tls }) => {
  const [near, far] = [openRelay(), openRelay()]
  const listening = near.listen(options).then(async (listener) => {
    await listener.expect({ path: '/1', identity: IDENTITY, secret: SECRET })
    return listener
  })
  testLinks({
    name,
    async open() {
      const { address, ports$ } = await listening
      const arrival = firstValueFrom(ports$)
      const left = await far.dial(`${address}/1`, { tls })
      return { left, right: (await arrival).port }
    },
    async openFragile() {
      const { address, ports$ } = await listening
      const target = { host: '127.0.0.1', port: Number(new URL(address).port) }
      const { port, vanish } = await openVanishingProxy({ host: '127.0.0.1', port: 0 }, target)
      const arrival = firstValueFrom(ports$)
      const left = await far.dial(`wss://127.0.0.1:${port}/1`, { tls })
      return { left, right: (await arrival).port, vanish }
    },
    async close() {
      await (await listening).close()
      await Promise.all([near.close(), far.close()])
    },
  })
})
