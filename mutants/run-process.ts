import { spawn } from 'node:child_process'

export interface Ending {
  /** null where the process was ended at its limit. */
  readonly code: number | null
  readonly err: string
}

export interface ProcessOptions {
  readonly signal: AbortSignal
  /** In seconds; null is none. */
  readonly limit: number | null
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** What is kept of the output for errors, in characters. */
const KEPT = 8000

/**
 * Runs Node in a folder as the leader of a group of processes, which ends as a whole: with the process, at the limit, or
 * when the signal comes, which rejects with its reason.
 */
export async function runProcess(
  cwd: string,
  args: readonly string[],
  { signal, limit, env = {} }: ProcessOptions,
): Promise<Ending> {
  signal.throwIfAborted()
  const environment = { ...process.env, ...env }
  const stdio: ['ignore', 'ignore', 'pipe'] = ['ignore', 'ignore', 'pipe']
  const child = spawn(process.execPath, args, { cwd, env: environment, stdio, detached: true })
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // No process of the group is left.
    }
  }
  let err = ''
  let isLate = false
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = `${err}${text}`.slice(-KEPT)
  })
  const timer = setTimeout(
    () => {
      isLate = true
      endGroup()
    },
    limit === null ? 2 ** 31 - 1 : limit * 1000,
  )
  signal.addEventListener('abort', endGroup)
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      // Not 'close': a process that is left behind may hold the pipe.
      child.once('exit', (exit) => resolve(exit ?? -1))
    })
    signal.throwIfAborted()
    return { code: isLate ? null : code, err }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', endGroup)
    endGroup()
  }
}
