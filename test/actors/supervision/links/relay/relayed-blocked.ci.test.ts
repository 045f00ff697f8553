import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { firstValueFrom } from 'rxjs'
import { afterEach, expect, test } from 'vitest'
import { createLink } from '../../../../../src/streams/links/create-link.js'
import { listenForLinks } from '../../../../../src/streams/links/websocket-listener.js'
import { createRealClock, QUICK } from '../../../../streams/links/real-clock.js'
import { BY_KEY } from '../../../../streams/links/tls-ways.js'
import '../../../../support/guard.js'
import { listen, optionsOf, until } from '../../../../suites/link-fixture.js'

const PEER = new URL('./blocked-peer.ts', import.meta.url)
const LONG = 1200

const running: (() => unknown)[] = []

afterEach(async () => {
  for (const end of running.splice(0)) await end()
})

/** A link to a process that computes without a pause for so long, and beats. */
async function openTo(ms: number, how: 'relayed' | 'direct') {
  const listener = await listenForLinks({ tls: BY_KEY.listen })
  const arrival = firstValueFrom(listener.ports$)
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(PEER), listener.address, String(ms), how])
  running.push(() => child.kill('SIGKILL'), listener.close)
  const { port } = await arrival
  const link = createLink(port, optionsOf('right', createRealClock(), { limits: QUICK }))
  const heard = listen(link)
  await link.opened
  await until(() => heard.messages.length === 1 || heard.error !== null)
  await link.close()
  return heard
}

test('who computes long without a pause is heard over an encrypted link that another thread carries', async () => {
  const heard = await openTo(LONG, 'relayed')
  expect(heard.error).toBeNull()
  expect(heard.messages).toEqual([{ kind: 'value', value: 'done' }])
  expect(heard.isComplete).toBe(true)
})

/** What another thread is for: Node keeps what is encrypted until the event loop turns. */
test('who computes long without a pause is silent over an encrypted link of its own', async () => {
  const { error } = await openTo(10 * LONG, 'direct')
  expect(error?.code).toBe('LINK_SILENT')
})
