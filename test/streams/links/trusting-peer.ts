import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import type { DialTls } from '../../../src/streams/links/websocket-tls.js'
import { IDENTITY } from './tls-ways.js'

/** Dials in a process of its own, which may trust more authorities than this one, and prints how that ended. */
const [url = '', kind, secret = ''] = process.argv.slice(2)
const tls: DialTls = kind === 'psk' ? { kind, identity: IDENTITY, secret } : { kind: 'certificate' }
try {
  const port = await dialWebsocket(url, { tls })
  port.receive({ frame: () => undefined, end: () => undefined })
  port.abort()
  console.log('connected')
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
}
