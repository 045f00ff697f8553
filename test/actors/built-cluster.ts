import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { NETWORK } from './layered-network.js'

/** Processes and threads start from the build alone, so whatever starts them comes from there, too. */
export const built = (await import(
  new URL('../../dist/index.js', import.meta.url).href
)) as typeof import('../../src/index.js')

/** As many cores as the network has blocks, or fewer. */
export const placement = (cores: number) => built.placeOnCores(NETWORK, cores)

/** Processes whose parent is the given one. */
export function childrenOf(parent: number): readonly number[] {
  const parentOf = (pid: string) => {
    try {
      // The name in brackets may hold anything.
      return Number(
        readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /s, '')
          .split(' ')[1],
      )
    } catch {
      return -1
    }
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => parentOf(pid) === parent).map(Number)
}

/** Whether a process lives; one that has ended but was not waited for does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^.*\) Z /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits until something holds; false if it does not within so many ms. */
export async function eventually(holds: () => boolean, ms: number): Promise<boolean> {
  for (const start = Date.now(); !holds(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() - start > ms) return false
  return true
}

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
  what: 'wait' | 'close' | 'forget',
  transport: 'websocket' | 'unix' = 'websocket',
  tmpdir?: string,
): ChildProcess {
  const script = fileURLToPath(new URL('./coordinator.mjs', import.meta.url))
  const env = tmpdir === undefined ? process.env : { ...process.env, TMPDIR: tmpdir }
  return spawn(process.execPath, [script, what, transport], { stdio: ['ignore', 'pipe', 'inherit'], env })
}

/** The first line that a process writes. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('close', () => reject(new Error(`it ended after "${text}"`)))
  })
}
