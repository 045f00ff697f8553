import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { HostEnd } from './failure-report.js'
import type { Host } from './host.js'
import { lastWordsOf } from './last-words.js'
import type { ProcessSpec } from './worker-spec.js'

const ENTRY = new URL('./partition-process.js', import.meta.url)

/**
 * Starts a process for the partitions of its cores.
 *
 * Its specification goes through its standard input, where nobody else can read it, and that stays open: it ends when
 * the coordinator does, however that may happen. It is out of reach of the terminal, whose keys are the coordinator's.
 */
export function launchProcess(spec: ProcessSpec): Host {
  const child = spawn(process.execPath, [fileURLToPath(ENTRY)], {
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
    // A session of its own; on Windows that would be a window of its own.
    detached: process.platform !== 'win32',
  })
  // Without a process there may be no pipes either.
  if (child.pid === undefined) return unborn(spec.cores, child)
  const lastWords = lastWordsOf(child.stderr)
  const ended = new Promise<HostEnd>((resolve) => {
    // Unlike `exit`, it waits until all was read that the process wrote.
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, lastWords: lastWords() }))
  })
  // A process that is gone no longer reads.
  child.stdin.on('error', () => undefined)
  child.stdin.write(`${JSON.stringify(spec)}\n`)
  return {
    cores: spec.cores,
    id: child.pid,
    ended,
    dismiss: () => child.stdin.end(),
    terminate: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** A process that could not be started. */
function unborn(cores: readonly number[], child: ChildProcess): Host {
  const ended = new Promise<HostEnd>((resolve) => {
    child.once('error', ({ message }) => resolve({ exitCode: null, signal: null, lastWords: message }))
  })
  const nothing = () => undefined
  return { cores, id: -1, ended, dismiss: nothing, terminate: nothing, kill: nothing }
}
