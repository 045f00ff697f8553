import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { builtFile } from '../support/built-file.js'
import { eventually } from '../support/eventually.js'
import { childrenOf, firstLine, isAlive } from '../support/processes.js'
import { NETWORK } from './layered-network.js'

export { childrenOf, eventually, firstLine, isAlive }

/** Processes and threads start from the build alone, so whatever starts them comes from there, too. */
export const built = (await import(builtFile('bundle/index.js').href)) as typeof import('../../src/index.js')

/** As many cores as the network has blocks, or fewer. */
export const placement = (cores: number) => built.placeOnCores(NETWORK, cores)

/** A port that nobody listens at; somebody may at any time. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A process of its own that opens a cluster of two cores and does as its argument says; see the script. */
export function coordinator(
  what: 'wait' | 'close' | 'forget' | 'stop',
  transport: 'websocket' | 'unix',
  tmpdir: string,
): ChildProcess {
  const script = fileURLToPath(new URL('./coordinator.mjs', import.meta.url))
  const env = { ...process.env, TMPDIR: tmpdir }
  return spawn(process.execPath, [script, what, transport], { stdio: ['ignore', 'pipe', 'inherit'], env })
}
