import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import './guard.js'

/** A server that outlives its own restarts: port and what it keeps stay. */
export interface NatsServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  /** Where files for its configuration lie. */
  readonly folder: string
  /** As an operator does; it closes its connections first. */
  stop(): Promise<void>
  /** As a power failure does. */
  kill(): Promise<void>
  start(config?: string): Promise<void>
  restart(config?: string): Promise<void>
  /** Silent for all, with its connections open, until it goes on. */
  pause(): void
  resume(): void
}

export interface NatsServerOptions {
  /** In the language of its configuration files; `<folder>` stands for its folder. */
  readonly config?: string
  readonly files?: Readonly<Record<string, string>>
  /** Default true. */
  readonly hasJetStream?: boolean
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default: one that is free. */
  readonly port?: number
  /** What stands before the command, to run it on another machine; default: nothing. */
  readonly within?: readonly string[]
}

const COMMAND = 'nats-server'
const isThere = spawnSync(COMMAND, ['--version'], { stdio: 'ignore' }).status === 0

/**
 * Why there is no server to start; null: there is one. This is found out once in a process: a package that is installed
 * while tests run changes nothing for the files that this process runs later.
 */
export const whyNoNats = isThere ? null : `need the Debian package nats-server, whose ${COMMAND} is not there`

export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const { files = {}, hasJetStream = true, host = '127.0.0.1', within = [] } = options
  const folder = await mkdtemp(join(tmpdir(), 'nats-'))
  const port = options.port ?? (await freePort(host))
  const file = join(folder, 'server.conf')
  let config = options.config ?? ''
  let child: ChildProcess | null = null
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await start()

  return {
    port,
    url: `nats://${host}:${port}`,
    folder,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async restart(changed) {
      await end('SIGTERM')
      await start(changed)
    },
    pause() {
      if (child?.pid === undefined) return
      child.kill('SIGSTOP')
      // The signal is sent, and threads of it may go on for a moment.
      while (!isStopped(child.pid));
    },
    resume: () => void child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function start(changed = config): Promise<void> {
    config = changed
    const log = join(folder, 'log')
    await rm(log, { force: true })
    const jetstream = hasJetStream ? `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }\n` : ''
    const basis = `host: ${JSON.stringify(host)}\nport: ${port}\nlog_file: ${JSON.stringify(log)}\n${jetstream}`
    await writeFile(file, basis + config.replaceAll('<folder>', folder))
    const [command = COMMAND, ...rest] = [...within, COMMAND, '--config', file]
    const started = spawn(command, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk
    })
    child = started
    let isOver = false
    started.once('exit', () => {
      isOver = true
    })
    for (;;) {
      const text = await readFile(log, 'utf8').catch(() => '')
      if (text.includes('Server is ready')) return
      if (isOver) throw new Error(`${COMMAND} ended: ${complaint}${text}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill(signal)
    await ended
  }
}

/** Whether every thread of a process stands still. */
function isStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) => {
    return /^.*\) [Tt] /s.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'))
  })
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
