import { expect } from 'vitest'
import type { EventRecordings } from '../../../src/data/recordings/event-recordings.js'
import { InputError } from '../../../src/events/errors.js'
import type { TableCase } from './event-tables.js'

/** Recordings hold what a table says. */
export function expectCase(found: EventRecordings, { labels, speakers, events }: TableCase): void {
  const names = found.classNames
  expect(Array.from(found.labels, (label) => names?.[label] ?? label)).toEqual(labels)
  expect(found.groups).toEqual({ speaker: speakers })
  expect(found.count).toBe(labels.length)
  for (let k = 0; k < found.count; k++) {
    const own = events.filter(({ sample }) => sample === k).sort((a, b) => a.us - b.us || a.unit - b.unit)
    expect(found.trial(k)).toEqual({
      times: Float64Array.from(own, ({ us }) => us / 1000),
      units: Uint32Array.from(own, ({ unit }) => unit),
    })
  }
}

/** Whatever has been read is what recordings are, or the file is named. */
export async function readOrRefused(file: string, reading: Promise<EventRecordings>): Promise<EventRecordings | null> {
  try {
    const found = await reading
    expectSound(found)
    return found
  } catch (error) {
    expect(error).toBeInstanceOf(InputError)
    const { mistake } = error as InputError
    expect(mistake.file).toBe(file)
    expect(mistake.field).not.toBe('')
    expect(mistake.remedy, `what is to be done about: ${(error as InputError).message}`).toMatch(/\.$/)
    return null
  }
}

function expectSound(found: EventRecordings): void {
  const size = found.shape.reduce((product, extent) => product * extent, 1)
  const isSound = (k: number) => {
    const { times, units } = found.trial(k)
    return times.every((time, e) => time >= (times[e - 1] ?? 0) && time < Infinity && (units[e] as number) < size)
  }
  expect(found.labels.length).toBe(found.count)
  expect(found.labels.every((label) => label < found.classes)).toBe(true)
  expect(Array.from({ length: found.count }, (_, k) => k).every(isSound)).toBe(true)
}
