import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import './guard.js'

/** A machine of its own, as far as its network goes. */
export interface Machine {
  readonly address: string
  /** What stands before a command that is to run there; the process that starts is the command's own. */
  readonly within: readonly string[]
  start(argv: readonly string[], cwd?: string): MachineProcess
  /** From now on nothing comes or goes, and nobody is told. */
  cut(): void
  mend(): void
}

export type MachineProcess = ChildProcessByStdio<null, Readable, Readable>

/** Machines at one switch, which reach each other and nothing else. */
export interface MachineNetwork extends Disposable {
  readonly machines: readonly Machine[]
}

/** Names of everything that is made here begin so; the process that has made it follows, in base 36. */
const PREFIX = 'ad'
const OWN = /^ad([0-9a-z]+)-\w+$/
const BASE = 36

/** Network namespaces at a bridge, with the addresses 10.77.0.1, 10.77.0.2, and so on. */
export function openMachines(count: number): MachineNetwork {
  sweep()
  const mark = `${PREFIX}${process.pid.toString(BASE)}`
  const bridge = freeName(mark)
  ip('link', 'add', bridge, 'type', 'bridge')
  // Else what is cut off takes half a minute to come back.
  ip('link', 'set', bridge, 'type', 'bridge', 'stp_state', '0')
  ip('link', 'set', bridge, 'up')
  const machines = Array.from({ length: count }, (_, k) => openMachine(bridge, k))
  return {
    machines,
    [Symbol.dispose]() {
      for (const k of machines.keys()) remove(`${bridge}n${k}`, `${bridge}v${k}`)
      ip('link', 'del', bridge)
    },
  }
}

function openMachine(bridge: string, number: number): Machine {
  const namespace = `${bridge}n${number}`
  const plug = `${bridge}v${number}`
  const address = `10.77.0.${number + 1}`
  const within = ['ip', 'netns', 'exec', namespace]
  ip('netns', 'add', namespace)
  ip('link', 'add', plug, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace)
  ip('link', 'set', plug, 'master', bridge)
  ip('link', 'set', plug, 'up')
  for (const device of ['lo', 'eth0']) ip('-netns', namespace, 'link', 'set', device, 'up')
  ip('-netns', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0')
  return {
    address,
    within,
    start(argv, cwd = process.cwd()) {
      const [command = '', ...rest] = [...within, ...argv]
      return spawn(command, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    },
    cut: () => command('bridge', 'link', 'set', 'dev', plug, 'state', '0'),
    mend: () => command('bridge', 'link', 'set', 'dev', plug, 'state', '3'),
  }
}

/** What processes have left that are gone: those that were killed have removed nothing. */
function sweep(): void {
  const isLeft = (name: string) => {
    const owner = OWN.exec(name)?.[1]
    return owner !== undefined && !existsSync(`/proc/${Number.parseInt(owner, BASE)}`)
  }
  const namespaces = told('ip', 'netns', 'list').map((line) => line.split(' ')[0] ?? '')
  for (const name of namespaces.filter(isLeft)) spawnSync('ip', ['netns', 'del', name])
  const links = told('ip', '-o', 'link', 'show').map((line) => line.split(': ')[1]?.split('@')[0] ?? '')
  for (const name of links.filter(isLeft)) spawnSync('ip', ['link', 'del', name])
}

function freeName(mark: string): string {
  const taken = told('ip', '-o', 'link', 'show').join('\n')
  for (let k = 0; ; k++) if (!taken.includes(` ${mark}-${k}`)) return `${mark}-${k}`
}

/** A device lives as long as a process in its namespace; it goes at once, and with it its other end. */
function remove(namespace: string, plug: string): void {
  ip('link', 'del', plug)
  ip('netns', 'del', namespace)
}

function ip(...argv: readonly string[]): void {
  command('ip', ...argv)
}

function command(name: string, ...argv: readonly string[]): void {
  const { status, stderr } = spawnSync(name, argv, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name} ${argv.join(' ')} ended with ${status}: ${stderr}`)
}

function told(name: string, ...argv: readonly string[]): readonly string[] {
  return spawnSync(name, argv, { encoding: 'utf8' }).stdout.split('\n')
}

/** What is missing for machines of one's own; null: nothing. */
export function whyNoMachines(): string | null {
  const isThere = (name: string) => spawnSync(name, ['-V'], { stdio: 'ignore' }).status === 0
  if (process.platform !== 'linux') return 'need the namespaces of Linux'
  if (!isThere('ip') || !isThere('bridge')) return 'need the Debian package iproute2, whose ip and bridge are not there'
  const trial = `${PREFIX}${process.pid.toString(BASE)}-trial`
  const { status, stderr } = spawnSync('ip', ['netns', 'add', trial], { encoding: 'utf8' })
  if (status !== 0) return `need the rights of root over the network (Debian package iproute2): ${stderr.trim()}`
  spawnSync('ip', ['netns', 'del', trial])
  return null
}
