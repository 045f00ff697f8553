import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import type { RandomStream } from '../dist/numerics/random-stream.js'

/** Carries bytes between whoever connects and a port, in pieces of any size, late. */
export interface SplittingProxy extends AsyncDisposable {
  readonly port: number
  /** Pieces carried so far. */
  readonly pieces: number
}

/** In bytes: far less than a frame, or several frames. */
const LARGEST_PIECE = 4096
/** In ms. */
const LONGEST_DELAY = 3

export async function openSplittingProxy(target: number, random: RandomStream): Promise<SplittingProxy> {
  const sockets = new Set<Socket>()
  let pieces = 0

  function carry(from: Socket, to: Socket): void {
    let underWay: Promise<void> = Promise.resolve()
    from.on('data', (data) => {
      underWay = underWay.then(() => forward(data, to))
    })
    from.on('end', () => {
      underWay = underWay.then(() => void to.end())
    })
    from.on('error', () => to.destroy())
    from.on('close', () => sockets.delete(from))
    sockets.add(from)
  }

  async function forward(data: Buffer, to: Socket): Promise<void> {
    for (let at = 0; at < data.length; ) {
      const draw = 3 * pieces++
      // Small pieces are as likely as large ones.
      const size = Math.ceil(LARGEST_PIECE ** random.uniform(draw))
      to.write(data.subarray(at, at + size))
      at += size
      if (random.uniform(draw + 1) < 0.1)
        await new Promise((resolve) => setTimeout(resolve, LONGEST_DELAY * random.uniform(draw + 2)))
      else await new Promise(setImmediate)
    }
  }

  const server = createServer((near) => {
    const far = dial({ port: target, host: '127.0.0.1', noDelay: true })
    near.setNoDelay(true)
    carry(near, far)
    carry(far, near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    get pieces() {
      return pieces
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
