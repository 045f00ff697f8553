import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loaderFlags } from '../../actors/supervision/inherited-loaders.js'

const ENTRY = new URL('./sweep-run-process.js', import.meta.url)

/** What a run that did not come to its end has reported. */
export interface Failure {
  readonly code: string
  readonly message: string
}

/** How the process of a run ended: it is through, it reported why it is not, or it is gone without a word. */
export type RunEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isMistake: boolean }
  | { readonly kind: 'lost'; readonly exit: string }

/** Exit code of a command whose line or input is wrong, which it will be the next time, too. */
const MISTAKE = 2
/** Of a command that failed; others are those of signals. */
const FAILED = 1

/**
 * Runs `antidrome` with these arguments, `--json` among them, in a process of its own; resolves when that has ended.
 *
 * @param signal once aborted, the process is told to stop
 */
export function runProcess(argv: readonly string[], signal: AbortSignal): Promise<RunEnd> {
  const command = [...loaderFlags(process.execArgv), fileURLToPath(ENTRY), ...argv]
  // Its standard input stays open as long as this process lives.
  const child = spawn(process.execPath, command, { stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true })
  let failure: Failure | null = null
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stderr }).on('line', (line) => {
    failure = failureIn(line) ?? failure
  })
  const stop = () => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  return new Promise((resolve) => {
    const ended = (end: RunEnd) => {
      signal.removeEventListener('abort', stop)
      resolve(end)
    }
    child.once('error', ({ message }) => {
      ended({ kind: 'failed', failure: { code: 'PROCESS_NOT_STARTED', message }, isMistake: false })
    })
    child.once('close', (code, name) => {
      if (code === 0) ended({ kind: 'done' })
      else if (failure !== null && (code === MISTAKE || code === FAILED))
        ended({ kind: 'failed', failure, isMistake: code === MISTAKE })
      else ended({ kind: 'lost', exit: name ?? `exit code ${code}` })
    })
  })
}

/** The error that a line of stderr reports. */
function failureIn(line: string): Failure | null {
  try {
    const { error } = JSON.parse(line) as { readonly error?: Partial<Failure> }
    if (typeof error?.code !== 'string' || typeof error.message !== 'string') return null
    return { code: error.code, message: error.message }
  } catch {
    // A line for people.
    return null
  }
}
