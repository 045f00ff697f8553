import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'

/** Stands between the two ends of a connection. */
export interface VanishingProxy {
  /** Passes nothing on any more, either way, and closes nothing. */
  vanish(): void
}

/**
 * Waits for one connection and passes it on, byte by byte, until it vanishes: then both ends stand in front of a
 * connection that nobody reads. Its own end comes when either end breaks it off.
 *
 * @param place where it listens
 * @param target whom it passes the connection on to
 */
export async function openVanishingProxy(
  place: { readonly port: number; readonly host: string } | { readonly path: string },
  target: NetConnectOpts,
): Promise<VanishingProxy & { readonly port: number }> {
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(target)
    sockets.push(near, far)
    near.pipe(far)
    far.pipe(near)
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => undefined)
      one.on('close', () => other.destroy())
    }
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(place, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    vanish() {
      for (const socket of sockets) {
        socket.unpipe()
        socket.pause()
      }
    },
  }
}
