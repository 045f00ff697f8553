import { createLink } from '../../../../../src/streams/links/create-link.js'
import { createRealClock, QUICK } from '../../../../streams/links/real-clock.js'
import { IDENTITY, SECRET } from '../../../../streams/links/tls-ways.js'
import { optionsOf } from '../../../../suites/link-fixture.js'
import { busyFor } from '../../../../support/busy-for.js'
import { openRelay, SOCKETS } from './built-relay.js'

// A peer whose event loop stands still for as long as it is told, beating, over a socket of this thread or of another.
const [url = '', ms, how] = process.argv.slice(2)
const carrier = how === 'relayed' ? openRelay() : SOCKETS
const port = await carrier.dial(url, { tls: { kind: 'psk', identity: IDENTITY, secret: SECRET } })
const link = createLink(port, optionsOf('left', createRealClock(), { limits: QUICK }))
link.messages$.subscribe({ error: () => undefined })
await link.opened
busyFor(Number(ms), () => link.beat())
link.send({ kind: 'value', value: 'done' })
