import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { loaderFlags } from '../../actors/supervision/inherited-loaders.js'
import { RunError } from '../../events/errors.js'

const ENTRY = new URL('./sweep-run-process.js', import.meta.url)

/** What a run that did not come to its end has reported. */
export interface Failure {
  readonly code: string
  readonly message: string
}

/** How the process of a run ended: it is through, it reported why it is not, or it is gone without a word. */
type RunEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly isMistake: boolean }
  | { readonly kind: 'lost'; readonly failure: Failure }

/** Reported failures after which a run is given up. */
const MOST_FAILURES = 3
/** Losses of its process, or of its cores, after which it is given up, too. */
const MOST_LOSSES = 10
/** Starts in a row for which there is no server or no worker, after which the sweep ends. */
const MOST_OUTAGES = 20
/** In ms, until a place is asked for again that another process writes to. */
const BUSY = 500
/** In ms, until a server or a worker is. */
const AWAY = 3000

/** What a sweep that was killed had begun, and ends with its next word. */
const OTHERS_WRITE = ['FOLDER_IN_USE', 'LEASE_HELD']
/** No run is at fault where there is no server, no store and no worker. */
const OUTAGES = [
  ...['JOIN_UNREACHABLE', 'RENDEZVOUS_NO_ANSWER', 'RENDEZVOUS_CLOSED', 'STORE_UNREACHABLE', 'STORE_FULL', 'LEASE_LOST'],
  ...['WORKERS_TOO_FEW', 'WORKERS_UNREACHABLE', 'WORKER_BUSY'],
]
/** Of cores and of what links them. */
const LOSSES = [
  ...['CORE_DIED', 'CORE_SILENT', 'CORE_LATE', 'CORE_UNREACHABLE', 'RUN_STALLED', 'COORDINATOR_MISSING'],
  ...['LINK_FAILED', 'LINK_CLOSED', 'WORKER_FENCED'],
]

/** A run of a sweep, which is started until it is through. */
export interface StartedRun {
  readonly name: string
  /** Starts a process for it. */
  readonly start: () => Promise<RunEnd>
  readonly signal: AbortSignal
  /** Called with why it waits, once for every reason. */
  readonly onWait: (failure: Failure) => void
}

/**
 * Starts a run until it is through: null; or is given up: why. What is busy or away is waited for.
 *
 * Raises `RunError` SWEEP_STOPPED where it stays away; the reason of the signal.
 */
export async function endOfRun({ name, start, signal, onWait }: StartedRun): Promise<Failure | null> {
  let [failures, losses, outages] = [0, 0, 0]
  const waits = new Set<string>()
  const wait = async (failure: Failure, time: number) => {
    if (!waits.has(failure.code)) onWait(failure)
    waits.add(failure.code)
    await pause(time, undefined, { signal }).catch(() => signal.throwIfAborted())
  }
  while (true) {
    signal.throwIfAborted()
    const end = await start()
    signal.throwIfAborted()
    if (end.kind === 'done') return null
    const { failure } = end
    if (OUTAGES.includes(failure.code)) {
      if (++outages === MOST_OUTAGES) throw stopped(name, failure)
      await wait(failure, AWAY)
      continue
    }
    outages = 0
    if (OTHERS_WRITE.includes(failure.code)) await wait(failure, BUSY)
    else if (end.kind === 'lost' || LOSSES.includes(failure.code)) {
      if (++losses === MOST_LOSSES)
        return { code: 'RUN_LOST', message: `It was lost ${losses} times, the last time: ${failure.message}` }
    } else if (end.isMistake || ++failures === MOST_FAILURES) return failure
  }
}

function stopped(run: string, { code, message }: Failure): RunError {
  return new RunError({
    ...{ code: 'SWEEP_STOPPED', details: { run, code } },
    message: `${run} was started ${MOST_OUTAGES} times without a server or a worker: ${message}`,
    remedy: 'See antidrome doctor --join, and continue the sweep with --resume.',
  })
}

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
      else {
        const message = `its process was ended by ${name ?? `exit code ${code}`}.`
        ended({ kind: 'lost', failure: { code: 'PROCESS_LOST', message } })
      }
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
