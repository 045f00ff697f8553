import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.js'
import { type Machine, openMachines } from './namespaces.js'
import { childrenOf } from './processes.js'

const CLONE = fileURLToPath(new URL('../..', import.meta.url))
const SET_UP = fileURLToPath(new URL('../cluster/guide/set-up.sh', import.meta.url))
const STAND_INS = fileURLToPath(new URL('../cluster/guide/stand-ins', import.meta.url))

/** Those of docs/cluster.md. */
export const GUIDED_HOSTS = ['nats.example', 'west.example', 'east.example', 'desk.example'] as const

/** Machines with names, files and users of their own, at each of which a shell waits for what is typed. */
export interface GuidedMachines extends AsyncDisposable {
  /** Writes a file as an editor does. */
  write(host: string, path: string, text: string): void
  read(host: string, path: string): string
  type(host: string, commands: string): Typed
  /** Ends whatever runs there, as a power failure does. */
  crash(host: string): void
}

/** Commands that were typed at a machine. */
export interface Typed {
  readonly said: { readonly out: string; readonly err: string }
  /** Resolves when the shell waits for more; the codes of the commands that failed. */
  readonly done: Promise<readonly number[]>
  /** Resolves when they have said so, or are done. */
  says(text: string): Promise<void>
  /** What the keys Ctrl and C do. */
  interrupt(): void
}

export async function openGuidedMachines(hosts: readonly string[]): Promise<GuidedMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'guided-'))
  const network = openMachines(hosts.length)
  const houses = new Map(
    await Promise.all(
      network.machines.map(async (machine, k) => {
        const host = hosts[k] ?? ''
        return [host, await openHouse(machine, host, join(folder, host))] as const
      }),
    ),
  )
  const houseAt = (host: string) => {
    const house = houses.get(host)
    if (house === undefined) throw new Error(`no machine ${host}`)
    return house
  }
  const machines = [...houses].map(([host, { pid }]) => `${host} ${pid}\n`).join('')
  const addresses = network.machines.map(({ address }, k) => `${address} ${hosts[k]}\n`).join('')
  for (const { root } of houses.values()) {
    writeFileSync(join(root, 'etc/machines'), machines)
    writeFileSync(join(root, 'etc/hosts'), `127.0.0.1 localhost\n${addresses}`)
  }
  return {
    write(host, path, text) {
      const file = join(houseAt(host).root, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    },
    read: (host, path) => readFileSync(join(houseAt(host).root, path), 'utf8'),
    type: (host, commands) => houseAt(host).type(commands),
    crash: (host) => endAll(houseAt(host).within),
    async [Symbol.asyncDispose]() {
      for (const { within } of houses.values()) endAll(within)
      await Promise.all([...houses.values()].map(({ gone }) => gone))
      network[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface House extends Pick<Machine, 'within'> {
  readonly pid: number
  /** Where its files are seen from here. */
  readonly root: string
  readonly gone: Promise<unknown>
  type(commands: string): Typed
}

async function openHouse({ within }: Machine, host: string, folder: string): Promise<House> {
  mkdirSync(folder)
  const [name = ''] = host.split('.')
  const [ip = '', ...rest] = within
  const setUp = ['sh', SET_UP, folder, name, CLONE, STAND_INS, process.execPath]
  const keeper = spawn(ip, [...rest, 'unshare', '--mount', '--uts', '--propagation', 'private', ...setUp], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await saysReady(keeper)
  const pid = keeper.pid ?? -1
  const env = {
    ...process.env,
    HOME: `/home/${name}`,
    TMPDIR: '/tmp',
    PATH: '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin',
  }
  const inside = ['--target', String(pid), '--mount', '--uts', '--net', '--wd=/']
  // With jobs, as an interactive shell has them.
  const shell = spawn('nsenter', [...inside, 'bash', '--noprofile', '--norc', '-m'], { env, stdio: 'pipe' })
  const gone = Promise.all([keeper, shell].map((child) => new Promise((resolve) => child.once('close', resolve))))
  return { within, pid, root: `/proc/${pid}/root`, gone, type: typist(shell, `/proc/${pid}/root/tmp/typed`) }
}

function typist(shell: ChildProcessByStdio<Writable, Readable, Readable>, file: string): (commands: string) => Typed {
  let count = 0
  shell.stdin.write(`failed=; trap 'failed="$failed $?"' ERR\n`)
  shell.stdout.setEncoding('utf8')
  shell.stderr.setEncoding('utf8')
  return (commands) => {
    const end = `end of commands ${count++}:`
    const said = { out: '', err: '' }
    const isDone = () => said.out.includes(end) || shell.exitCode !== null || shell.signalCode !== null
    shell.stdout.on('data', (text: string) => {
      said.out += text
    })
    shell.stderr.on('data', (text: string) => {
      said.err += text
    })
    writeFileSync(file, commands)
    // What they read is not what is typed next.
    shell.stdin.write(`. /tmp/typed < /dev/null; echo "${end}$failed;"; failed=\n`)
    const finish = async () => {
      const codesIn = () => new RegExp(`${end}(.*);\n`).exec(said.out)?.[1]
      await eventually(() => codesIn() !== undefined || (isDone() && !said.out.includes(end)))
      const codes = codesIn()
      if (codes === undefined) throw new Error(`the shell has ended: ${said.err}`)
      shell.stdout.removeAllListeners('data')
      shell.stderr.removeAllListeners('data')
      return codes.split(' ').filter(Boolean).map(Number)
    }
    const done = finish()
    // A test that has failed already may not wait for them.
    done.catch(() => undefined)
    return {
      said,
      done,
      says: (text) => eventually(() => isDone() || said.out.includes(text) || said.err.includes(text)),
      interrupt() {
        for (const pid of childrenOf(shell.pid ?? -1)) process.kill(pid, 'SIGINT')
      },
    }
  }
}

function saysReady(keeper: ChildProcessByStdio<null, Readable, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    keeper.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    keeper.stdout.once('data', () => resolve())
    keeper.once('close', () => reject(new Error(`the machine could not be set up: ${complaint}`)))
  })
}

/** Ends every process of a machine. */
function endAll([ip = '', netns = '', , namespace = '']: readonly string[]): void {
  const pids = () => spawnSync(ip, [netns, 'pids', namespace], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean)
  for (let left = pids(); left.length > 0; left = pids())
    for (const pid of left)
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended meanwhile.
      }
}
