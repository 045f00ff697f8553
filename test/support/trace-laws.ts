import { expect } from 'vitest'
import type { TraceEvent } from '../../src/storage/trace-file.js'

const REQUIRED = ['name', 'ph', 'ts', 'pid', 'tid'] as const

/** In ns: the times of events have three digits behind the point. */
const ns = (microseconds: number) => Math.round(microseconds * 1000)

/** What has to hold of the events of every trace. */
export function expectTrace(events: readonly TraceEvent[]): void {
  for (const event of events) {
    for (const field of REQUIRED) expect(event[field], JSON.stringify(event)).toBeDefined()
    expect(event.ts).toBeGreaterThanOrEqual(0)
    if (event.ph === 'X') expect(event.dur).toBeGreaterThanOrEqual(0)
    if (event.ph !== 'M' && 'sf'.includes(event.ph) === false && event.name !== 'events lost')
      expect(event.args?.run, event.name).toBeGreaterThanOrEqual(0)
  }
  expectNested(events)
  expectPairs(events, 's', 'f')
  expectPairs(events, 'b', 'e')
  expectNames(events)
}

/** Spans of one thread lie one after the other or one within the other. */
function expectNested(events: readonly TraceEvent[]): void {
  const spans = events
    .filter(({ ph }) => ph === 'X')
    .map(({ ts, dur = 0, ...event }) => ({ ...event, start: ns(ts), end: ns(ts) + ns(dur) }))
  for (const thread of new Set(spans.map(({ pid, tid }) => `${pid}/${tid}`))) {
    const own = spans.filter(({ pid, tid }) => `${pid}/${tid}` === thread)
    const around: (typeof spans)[number][] = []
    for (const span of own.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
      while ((around.at(-1)?.end ?? Infinity) <= span.start) around.pop()
      const outer = around.at(-1)
      expect(span.end, JSON.stringify([outer, span])).toBeLessThanOrEqual(outer?.end ?? Infinity)
      around.push(span)
    }
  }
}

/** Each of the one has one of the other, with the same id and name. */
function expectPairs(events: readonly TraceEvent[], begin: string, end: string): void {
  const keyOf = ({ id, cat, name }: TraceEvent) => `${id} ${cat} ${name}`
  const keysOf = (kind: string) => events.filter(({ ph }) => ph === kind).map(keyOf)
  const begun = keysOf(begin)
  expect(new Set(begun).size).toBe(begun.length)
  expect(keysOf(end).toSorted()).toEqual(begun.toSorted())
}

/** Whatever something happens in has a name. */
function expectNames(events: readonly TraceEvent[]): void {
  const named = (kind: string) =>
    new Set(events.filter(({ name }) => name === `${kind}_name`).map(({ pid, tid }) => `${pid}/${tid}`))
  const [processes, threads] = [named('process'), named('thread')]
  for (const { ph, pid, tid } of events.filter(({ ph }) => ph !== 'M')) {
    expect(processes, ph).toContain(`${pid}/0`)
    expect(threads, ph).toContain(`${pid}/${tid}`)
  }
}
