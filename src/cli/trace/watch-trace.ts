import type { ClusterSession } from '../../actors/cluster-session.js'
import { createTraceEvents } from '../../actors/trace/trace-events.js'
import { RunError } from '../../events/errors.js'
import { createTraceFile, type TraceFile } from '../../storage/trace-file.js'
import { beforeRun } from '../outputs/before-run.js'
import type { Outputs } from '../outputs/outputs.js'
import { repeatedly } from '../repeatedly.js'
import type { Terminal } from '../terminal.js'
import { say, warn } from '../warn.js'
import { openTrace, type TraceFlags } from './trace-flag.js'

/** In ms, between two takings. */
const PAUSE = 1000

/** A trace that is written while something runs; disposed of, it ends without a word about what goes wrong. */
export interface TraceWatch extends AsyncDisposable {
  /** Writes what is left, and says where it all is. Raises `RunError` FILE_UNWRITABLE, also if the file failed before. */
  finish(): Promise<void>
}

/** What a command does about its trace. */
export interface Tracing {
  readonly isWanted: boolean
  /** Aborted, with the reason, if the file can no longer be written; null if there is none. */
  readonly signal: AbortSignal | null
  /** Begins to write the trace of a session. Raises `InputError` TRACE_EXISTS, FILE_UNWRITABLE. */
  watch(session: Pick<ClusterSession, 'trace'>): Promise<TraceWatch>
}

const NOTHING: TraceWatch = { finish: async () => undefined, [Symbol.asyncDispose]: async () => undefined }

/** Takes the trace of a session every second and once more at the end, and writes it to the file that the flag names. */
export function createTracing(flags: TraceFlags, outputs: Outputs, terminal: Pick<Terminal, 'err'>): Tracing {
  const { trace: path, json } = flags
  if (path === undefined) return { isWanted: false, signal: null, watch: async () => NOTHING }
  const failed = new AbortController()
  return {
    isWanted: true,
    signal: failed.signal,
    async watch(session) {
      const output = await openTrace(path, outputs)
      const file = createTraceFile(await beforeRun('--trace', () => output.begin()))
      return watchTrace(session, { file, path, json, failed, terminal })
    },
  }
}

/** A signal that is aborted with either of two; the first one where there is no other. */
export function eitherSignal(signal: AbortSignal, other: AbortSignal | null): AbortSignal {
  return other === null ? signal : AbortSignal.any([signal, other])
}

/** What a trace is written to. */
export interface WatchedTrace {
  readonly file: TraceFile
  readonly path: string
  readonly json: boolean
  /** Aborted when the file fails. */
  readonly failed: AbortController
  readonly terminal: Pick<Terminal, 'err'>
}

/** Begins to take the trace of a session, every second and at the end. */
export function watchTrace(session: Pick<ClusterSession, 'trace'>, watched: WatchedTrace): TraceWatch {
  const { file, path, json, failed, terminal } = watched
  const eventsOf = createTraceEvents()
  let lost = 0

  async function take(): Promise<void> {
    // A core that does not reply is noticed where its results are awaited, so errors are ignored here.
    const taken = await session.trace().catch(() => null)
    if (taken === null || failed.signal.aborted) return
    lost += [taken.coordinator, ...taken.cores].reduce((sum, record) => sum + record.lost, 0)
    await written(() => file.append(eventsOf(taken)))
  }

  /** All other work ends with the first failure. */
  async function written(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      failed.abort(failureOf(error))
    }
  }

  const takings = repeatedly(PAUSE, take)

  async function end(): Promise<void> {
    await takings.end()
    await written(() => file.close())
    if (lost > 0) warn(terminal, json, lostEvents(lost))
    if (!failed.signal.aborted) say(terminal, `${path} holds the trace; ui.perfetto.dev and chrome://tracing read it.`)
  }

  let ending: Promise<void> | null = null
  const ended = () => {
    ending ??= end()
    return ending
  }
  return {
    async finish() {
      await ended()
      failed.signal.throwIfAborted()
    },
    [Symbol.asyncDispose]: ended,
  }
}

/** Other files may be written at the same time: this one names its flag. */
function failureOf(error: unknown): unknown {
  if (!(error instanceof RunError)) return error
  const { code, details, remedy, message } = error
  const what = remedy === null ? message : message.slice(0, -remedy.length - 1)
  const helps = remedy === null ? {} : { remedy }
  return new RunError({
    code,
    message: `--trace: ${what}`,
    details: { ...details, field: '--trace' },
    ...helps,
    cause: error,
  })
}

function lostEvents(count: number) {
  return {
    code: 'TRACE_LOST',
    message: `the trace lacks ${count} events, for which there was no room between two takings; it says where.`,
  }
}
