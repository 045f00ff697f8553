import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ListenerAddress, ProcessSpec } from './cluster-spec.js'
import type { CoreWorker } from './core-worker.js'
import type { CoreWorkerEnd } from './failure-report.js'
import { loaderFlags } from './inherited-loaders.js'
import { lastWordsOf } from './last-words.js'

const ENTRY = new URL('./partition-process.js', import.meta.url)

/**
 * A partition has few objects, and typed arrays that live for one step. To collect them, V8's helper threads take 14 %
 * of the processor time of a partition, its own thread a third of that; with room in the young generation most are gone
 * before they grow old.
 */
const COLLECTOR = ['--single-threaded-gc', '--min-semi-space-size=16']

/** A process that was started. */
export interface LaunchedProcess extends CoreWorker {
  /** Where it listens, if it has to wait for the coordinator; null if it ends before it reports that. */
  readonly door: Promise<ListenerAddress | null>
}

/**
 * Starts a process for the partitions of its cores.
 *
 * Its specification goes through its standard input, where no other process can read it, and that stays open: it ends
 * when the coordinator does, however that may happen. The terminal cannot signal the process; its keys are the
 * coordinator's.
 */
export function launchProcess(spec: ProcessSpec): LaunchedProcess {
  const cores = spec.cores.map(({ core }) => core)
  const child = spawn(process.execPath, [...COLLECTOR, ...loaderFlags(process.execArgv), fileURLToPath(ENTRY)], {
    stdio: ['pipe', spec.coordinator === null ? 'pipe' : 'ignore', 'pipe'],
    windowsHide: true,
    // A session of its own; on Windows that would be a window of its own.
    detached: process.platform !== 'win32',
  })
  // Without a process there may be no pipes either.
  if (child.pid === undefined || child.stdin === null || child.stderr === null) return unborn(cores, child)
  const lastWords = lastWordsOf(child.stderr)
  const ended = new Promise<CoreWorkerEnd>((resolve) => {
    // Unlike `exit`, it waits until all was read that the process wrote.
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, lastWords: lastWords() }))
  })
  // A process that is gone no longer reads.
  const { stdin } = child
  stdin.on('error', () => undefined)
  stdin.write(`${JSON.stringify(spec)}\n`)
  return {
    cores,
    id: child.pid,
    ended,
    door: listenerOf(child.stdout, ended),
    dismiss: () => stdin.end(),
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** A process that could not be started. */
function unborn(cores: readonly number[], child: ChildProcess): LaunchedProcess {
  const ended = new Promise<CoreWorkerEnd>((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: null, signal: null, lastWords: message }))
  })
  const nothing = () => undefined
  return { cores, id: -1, ended, door: listenerOf(null, ended), dismiss: nothing, terminate: nothing, kill: nothing }
}

/** The first line of a process; whatever else it writes is read and thrown away. */
async function listenerOf(stdout: Readable | null, ended: Promise<CoreWorkerEnd>): Promise<ListenerAddress | null> {
  const line = new Promise<string>((resolve) => {
    if (stdout === null) return
    let text = ''
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text = text.includes('\n') ? text : text + chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
    })
  })
  const first = await Promise.race([line, ended])
  return typeof first === 'string' ? (JSON.parse(first) as ListenerAddress) : null
}
