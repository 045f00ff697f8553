import type { TraceEvent } from '../../storage/trace-file.js'

/** One end of an arrow. */
export interface FlowEnd {
  /** The same for the other end. */
  readonly key: string
  readonly end: 'begins' | 'ends'
  readonly place: { readonly pid: number; readonly tid: number }
  /** In microseconds. */
  readonly ts: number
  readonly name: string
}

/** Joins the ends of arrows, of which either may be known first. */
export interface FlowMatcher {
  /** The arrow that this end completes; nothing as long as the other one is not known. */
  take(end: FlowEnd): readonly TraceEvent[]
  /** Forgets the ends that still wait for their others. */
  clear(): void
}

/** Largest number of ends that wait: an end waits forever if the other end of its message was lost. */
const MOST_WAITING = 2 ** 20

export function createFlowMatcher(most: number = MOST_WAITING): FlowMatcher {
  const waiting = new Map<string, FlowEnd>()
  let id = 0

  return {
    take(end) {
      const other = waiting.get(end.key)
      if (other === undefined || other.end === end.end) {
        waiting.set(end.key, end)
        const [oldest] = waiting.keys()
        if (waiting.size > most && oldest !== undefined) waiting.delete(oldest)
        return []
      }
      waiting.delete(end.key)
      id++
      const [from, to] = end.end === 'begins' ? [end, other] : [other, end]
      const { name } = from
      return [
        { name, cat: 'flow', ph: 's', id, ts: from.ts, ...from.place },
        { name, cat: 'flow', ph: 'f', bp: 'e', id, ts: to.ts, ...to.place },
      ]
    },
    clear: () => waiting.clear(),
  }
}
