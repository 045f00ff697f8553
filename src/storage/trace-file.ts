import type { GrowingFile } from './growing-file.js'

/** An event as viewers of traces read it: the trace-event format of Chromium. */
export interface TraceEvent {
  readonly name: string
  /** Kind: X a span, i an instant, b and e the ends of an asynchronous span, s and f those of an arrow, M a name. */
  readonly ph: 'X' | 'i' | 'b' | 'e' | 's' | 'f' | 'M'
  /** In microseconds. */
  readonly ts: number
  readonly pid: number
  readonly tid: number
  readonly cat?: string
  /** Of a span, in microseconds. */
  readonly dur?: number
  /** Of both ends of something. */
  readonly id?: number
  /** Of the end of an arrow: it leads to the span around it. */
  readonly bp?: 'e'
  /** Of an instant: how far it reaches. */
  readonly s?: 'g' | 'p' | 't'
  readonly args?: Readonly<Record<string, string | number>>
}

/** A trace that is being written; what there is of it can be read at any time. */
export interface TraceFile {
  /**
   * Adds events, some at a time, so that there may be any number of them.
   *
   * Raises `RunError` FILE_UNWRITABLE, also if the disk is full; then the file ends with the events before.
   */
  append(events: Iterable<TraceEvent>): Promise<void>
  /** Ends the list of events, and closes the file in any case. Raises `RunError` FILE_UNWRITABLE. */
  close(): Promise<void>
}

/** A list that never ends, as that of a process that was killed, is read as well. */
const HEAD = '[\n'
const SEPARATOR = ',\n'
const TAIL = '\n]\n'

/** How a file begins that is a trace, or was to become one. */
const BEGINNING = /^$|^\[\s*\]?\s*$|^\[\s*\{"name":"[^"]*","ph":"[A-Za-z]"/

/** No text of a whole trace is ever made: it may be longer than texts can be. */
const EVENTS_PER_WRITE = 4096

/** Whether the beginning of a text is that of a trace, or of what was to become one. */
export function beginsTrace(text: string): boolean {
  return BEGINNING.test(text)
}

/** Writes a trace to a file, which is closed with it. */
export function createTraceFile(file: GrowingFile): TraceFile {
  let isEmpty = true

  async function writeLines(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return
    await file.append(`${isEmpty ? HEAD : SEPARATOR}${lines.join(SEPARATOR)}`)
    isEmpty = false
  }

  return {
    async append(events) {
      let lines: string[] = []
      for (const event of events) {
        if (lines.push(JSON.stringify(event)) < EVENTS_PER_WRITE) continue
        await writeLines(lines)
        lines = []
      }
      await writeLines(lines)
    },
    async close() {
      try {
        await file.append(`${isEmpty ? HEAD : ''}${TAIL}`)
      } finally {
        await file.close()
      }
    },
  }
}
