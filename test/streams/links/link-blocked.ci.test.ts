import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MessageChannel, Worker } from 'node:worker_threads'
import { firstValueFrom } from 'rxjs'
import { afterEach, describe, expect, test } from 'vitest'
import { createLink } from '../../../src/streams/links/create-link.js'
import type { Port } from '../../../src/streams/links/port.js'
import { createThreadPort } from '../../../src/streams/links/thread-port.js'
import { listenForLinks } from '../../../src/streams/links/websocket-listener.js'
import '../../support/guard.js'
import { listen, optionsOf, until } from '../../suites/link-fixture.js'
import { busyFor } from '../../support/busy-for.js'
import { createRealClock, QUICK } from './real-clock.js'

const PEER = new URL('./blocked-peer.ts', import.meta.url)
const LONG = 1200

const running: (() => unknown)[] = []

afterEach(async () => {
  for (const end of running.splice(0)) await end()
})

async function fromThread(ms: number, how: string): Promise<Port> {
  const { port1, port2 } = new MessageChannel()
  // In a thread, the loader has to be registered by hand.
  const start = `import('tsx/esm/api').then((tsx) => (tsx.register(), import(${JSON.stringify(PEER.href)})))`
  const worker = new Worker(start, {
    eval: true,
    workerData: { port: port2, arguments: ['', String(ms), how] },
    transferList: [port2],
  })
  running.push(() => worker.terminate())
  return createThreadPort(port1)
}

async function fromProcess(ms: number, how: string): Promise<Port> {
  const listener = await listenForLinks()
  const arrival = firstValueFrom(listener.ports$)
  const child = spawn(process.execPath, ['--import', 'tsx', fileURLToPath(PEER), listener.address, String(ms), how])
  running.push(() => child.kill('SIGKILL'), listener.close)
  return (await arrival).port
}

describe.each([
  { name: 'a thread', start: fromThread },
  { name: 'a process', start: fromProcess },
])('a peer in $name', ({ start }) => {
  const openTo = async (ms: number, how: string) => {
    const port = await start(ms, how)
    const link = createLink(port, optionsOf('right', createRealClock(), { limits: QUICK }))
    const heard = listen(link)
    await link.opened
    return { link, heard }
  }

  test('that computes long without a pause is heard all the time if it beats', async () => {
    const { link, heard } = await openTo(LONG, 'beating')
    await until(() => heard.messages.length === 1 || heard.error !== null)
    expect(heard.error).toBeNull()
    expect(heard.messages).toEqual([{ kind: 'value', value: 'done' }])
    await link.close()
    expect(heard.isComplete).toBe(true)
  })

  test('that computes long without a pause and without a beat is silent', async () => {
    const { link, heard } = await openTo(10 * LONG, 'silent')
    await until(() => heard.messages.length === 1 || heard.error !== null)
    expect(heard.error?.code).toBe('LINK_SILENT')
    await link.close()
  })

  test('is not called silent by one whose own event loop stood still', async () => {
    const { link, heard } = await openTo(0, 'beating')
    busyFor(LONG, () => link.beat())
    await new Promise((resolve) => setTimeout(resolve, QUICK.silence))
    expect(heard.error).toBeNull()
    await link.close()
    expect(heard.isComplete).toBe(true)
  })
})
