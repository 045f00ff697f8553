import { workerData } from 'node:worker_threads'
import { createLink } from '../../../src/streams/links/create-link.js'
import type { Port } from '../../../src/streams/links/port.js'
import { createThreadPort } from '../../../src/streams/links/thread-port.js'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { optionsOf } from '../../suites/link-fixture.js'
import { busyFor } from '../../support/busy-for.js'
import { createRealClock, QUICK } from './real-clock.js'

/**
 * A peer whose event loop stands still for as long as it is told, with or without beats; then it says that it is done,
 * and waits for the link to close. Runs in a thread or process of its own.
 */
async function main(port: Port, ms: number, isBeating: boolean): Promise<void> {
  const link = createLink(port, optionsOf('left', createRealClock(), { limits: QUICK }))
  link.messages$.subscribe({ error: () => undefined })
  await link.opened
  busyFor(ms, () => {
    if (isBeating) link.beat()
  })
  link.send({ kind: 'value', value: 'done' })
}

const [carrier, ms, isBeating] = workerData?.arguments ?? process.argv.slice(2)
const port = workerData?.port === undefined ? await dialWebsocket(carrier) : createThreadPort(workerData.port)
await main(port, Number(ms), isBeating === 'beating')
