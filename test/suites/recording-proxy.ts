import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** Stands between the ends of connections and keeps what it passes on. */
export interface RecordingProxy {
  readonly port: number
  readonly connections: number
  /** All that went by, of both directions. */
  seen(): Buffer
  close(): void
}

/** @param target port of this machine that connections are passed on to */
export async function openRecordingProxy(target: number): Promise<RecordingProxy> {
  const parts: Buffer[] = []
  let connections = 0
  const server = createServer((near) => {
    connections++
    const far = connect(target, '127.0.0.1')
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('data', (part) => parts.push(part))
      one.pipe(other)
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    seen: () => Buffer.concat(parts),
    close: () => server.close(),
  }
}
