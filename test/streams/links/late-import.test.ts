import { createServer } from 'node:net'
import { expect, test, vi } from 'vitest'
import { dialWebsocket } from '../../../src/streams/links/websocket-dial.js'
import { systemClock } from '../../../src/streams/system-clock.js'
import { startWaiting } from '../../../src/streams/waiting.js'

const PATIENCE = 5

// A busy machine loads the library more slowly than a peer may reply. The wait of the dial began first.
vi.mock('ws', async (original) => {
  await new Promise<void>((over) => startWaiting(systemClock(), 4 * PATIENCE, over))
  return original()
})

test('a dial ends also where its time is over before it could begin', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  try {
    const dialled = dialWebsocket(`ws://127.0.0.1:${port}`, { patience: PATIENCE })
    await expect(dialled).rejects.toMatchObject({ code: 'LINK_UNREACHABLE' })
  } finally {
    server.close()
  }
})
