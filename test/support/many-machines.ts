import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtFile } from './built-file.js'
import { createAuthority } from './certificates.js'
import { type Machine, type MachineProcess, openMachines } from './namespaces.js'
import { type NatsServer, startNatsServer } from './start-nats-server.js'

const MAIN = fileURLToPath(builtFile('bundle/main.js'))
const SKEWED_CLOCK = new URL('./skewed-clock.mjs', import.meta.url).href
const NATS_PORT = 4222

/** A server, a coordinator and workers, each on a machine of its own, with a working folder of its own. */
export interface ManyMachines extends AsyncDisposable {
  /** Which all of them see. */
  readonly folder: string
  readonly server: NatsServer
  /** On which the server runs, a coordinator may, and workers do. */
  readonly places: { readonly server: Machine; readonly coordinator: Machine; readonly workers: readonly Machine[] }
  /** The flags with which commands join the server, and the file of the certificates that they trust. */
  readonly joining: readonly string[]
  readonly authorities: string
  /** Runs the command with these arguments, by default on the coordinator's machine, whose clock is wrong by so many hours. */
  command(argv: readonly string[], place?: Machine, clock?: number): RunningCommand
  /** Runs a module there. */
  script(path: string, argv: readonly string[], place?: Machine): RunningCommand
  /** Starts a worker; resolves when coordinators can find it. */
  startWorker(number: number, options?: WorkerOptions): Promise<RunningCommand>
  /** Bytes of TCP and what carries them that a machine has received and sent so far. */
  bytesOf(place: Machine): number
}

/** A command, and what it has said so far. */
export interface RunningCommand {
  readonly child: MachineProcess
  readonly said: { readonly out: string; readonly err: string }
  /** Resolves when it has ended; the code of one that a signal ended is -1. */
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** Resolves when it has said so, on either stream. */
  says(text: string): Promise<void>
}

export interface WorkerOptions {
  /** Default 1. */
  readonly slots?: number
  readonly flags?: readonly string[]
  /** By how many hours its clock is wrong; default 0. */
  readonly clock?: number
}

export interface ManyMachinesOptions {
  readonly workers: number
  /** Added to the configuration of the server. */
  readonly config?: string
}

/** Starts the server; workers are started one by one. */
export async function openManyMachines({ workers, config = '' }: ManyMachinesOptions): Promise<ManyMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'machines-'))
  const network = openMachines(2 + workers)
  const [serverPlace, coordinator, ...rest] = network.machines as readonly [Machine, Machine, ...Machine[]]
  const authority = createAuthority()
  const { cert, key } = authority.issue({ hosts: [serverPlace.address] })
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.cert)
  const server = await startNatsServer({
    host: serverPlace.address,
    port: NATS_PORT,
    within: serverPlace.within,
    files: { 'server.crt': cert, 'server.key': key },
    config: `tls { cert_file: "<folder>/server.crt", key_file: "<folder>/server.key" }\n${config}`,
  })
  const joining = ['--join', server.url, '--tls-ca', ca]
  const started = new Set<ChildProcess>()
  const ownFolder = ({ address }: Machine) => join(folder, address)
  for (const place of network.machines) mkdirSync(ownFolder(place))

  function run(place: Machine, script: string, argv: readonly string[], clock = 0): RunningCommand {
    const wrong = clock === 0 ? [] : ['--import', `${SKEWED_CLOCK}?hours=${clock}`]
    const command = runningCommand(place.start([process.execPath, ...wrong, script, ...argv], ownFolder(place)))
    started.add(command.child)
    void command.ended.then(() => started.delete(command.child))
    return command
  }

  return {
    folder,
    server,
    places: { server: serverPlace, coordinator, workers: rest },
    joining,
    authorities: ca,
    command: (argv, place = coordinator, clock = 0) => run(place, MAIN, argv, clock),
    script: (path, argv, place = coordinator) => run(place, path, argv),
    async startWorker(number, { slots = 1, flags = [], clock = 0 } = {}) {
      const place = rest[number] as Machine
      const own = ['--name', `w${number}`, '--slots', String(slots)]
      const worker = run(place, MAIN, ['worker', ...joining, ...own, ...flags], clock)
      await worker.says('waits for runs')
      return worker
    },
    bytesOf: ({ within: [command = '', ...within] }) => {
      const text = spawnSync(command, [...within, 'cat', '/proc/net/dev'], { encoding: 'utf8' }).stdout
      const numbers = /eth0:(.*)/.exec(text)?.[1]?.trim().split(/\s+/).map(Number) ?? []
      return (numbers[0] ?? 0) + (numbers[8] ?? 0)
    },
    async [Symbol.asyncDispose]() {
      const ends = [...started].map((child) => (child.exitCode === null ? once(child, 'close') : null))
      for (const child of started) child.kill('SIGKILL')
      await Promise.all(ends)
      await server[Symbol.asyncDispose]()
      network[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function runningCommand(child: MachineProcess): RunningCommand {
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  for (const stream of ['out', 'err'] as const)
    child[stream === 'out' ? 'stdout' : 'stderr'].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
      for (const listener of listeners) listener()
    })
  const ended = once(child, 'close').then(([exit]) => ({ code: (exit as number | null) ?? -1, ...said }))
  return {
    child,
    said,
    ended,
    async says(text) {
      const isSaid = () => said.out.includes(text) || said.err.includes(text)
      if (isSaid()) return
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          if (isSaid()) resolve()
        }
        listeners.add(look)
        void ended.then(({ code }) => reject(new Error(`it ended with ${code} and never said "${text}": ${said.err}`)))
      })
    },
  }
}
