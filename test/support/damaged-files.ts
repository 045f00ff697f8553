import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EventRecordings } from '../../src/data/recordings/event-recordings.js'
import { InputError } from '../../src/events/errors.js'
import { casesOf } from './cases-of.js'
import { createDice, type Dice } from './hostile-frames.js'
import { temporaryFolder } from './temporary-folder.js'

/** An event as files tell of it: microseconds, and the unit. */
export type PlainEvent = readonly [micros: number, unit: number]

export interface DamageTrial {
  /** Of the files that are damaged. */
  readonly name: string
  /** Good files, one of which is taken each time. */
  readonly files: readonly Uint8Array[]
  read(path: string): Promise<EventRecordings>
  /** What an independent decoder makes of the bytes; null where they must be refused, undefined where it does not know. */
  expected?(bytes: Uint8Array): readonly PlainEvent[] | null | undefined
}

const EXTREMES = [0, 1, 0x0a, 0x7f, 0x80, 0xff]

/** A copy with something wrong: bytes changed, cut off, left out, put in, doubled, blanked, or noise. */
export function damaged(good: Uint8Array, dice: Dice): Uint8Array {
  const [at, other] = [dice(good.length + 1), dice(good.length + 1)].sort((a, b) => a - b) as [number, number]
  const bytes = [...good]
  const noise = () => Array.from({ length: 1 + dice(12) }, () => byte(dice))
  const ways: readonly (() => readonly number[])[] = [
    () => changed(bytes, dice),
    () => changed(bytes, dice),
    () => changed(bytes, dice),
    () => bytes.slice(0, at),
    () => [...bytes.slice(0, at), ...bytes.slice(other)],
    () => [...bytes.slice(0, at), ...noise(), ...bytes.slice(at)],
    () => [...bytes.slice(0, other), ...bytes.slice(at)],
    () => bytes.fill(dice(2) * 0xff, at, at + dice(12)),
    () => [...bytes, ...noise()],
    () => Array.from({ length: dice(80) }, () => byte(dice)),
  ]
  return Uint8Array.from((ways[dice(ways.length)] as () => number[])())
}

const byte = (dice: Dice) => (dice(2) === 0 ? dice(256) : (EXTREMES[dice(EXTREMES.length)] as number))

function changed(bytes: number[], dice: Dice): number[] {
  for (let k = 1 + dice(6); k > 0 && bytes.length > 0; k--) {
    const at = dice(bytes.length)
    bytes[at] = dice(2) === 0 ? (bytes[at] as number) ^ (1 << dice(8)) : byte(dice)
  }
  return bytes
}

/** So many tests share the damaged files: none of them lasts so long that it seems to hang. */
const SHARES = casesOf({ short: 1, long: 8 })

/** Damaged files are refused, with file, place and what to do, or read as what they say; nothing else happens. */
export function itRefusesOrReads(what: string, trial: DamageTrial): void {
  for (let share = 1; share <= SHARES; share++)
    it(`refuses ${what}, or reads what they say, ${share} of ${SHARES}`, () => refusesOrReads(trial))
}

async function refusesOrReads(trial: DamageTrial): Promise<void> {
  await using folder = await temporaryFolder()
  const path = join(folder.path, trial.name)
  const tally = { refused: 0, read: 0 }
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const dice = createDice(2 * seed + 1)
        for (let k = 0; k < 5; k++) dice(2)
        const bytes = damaged(trial.files[dice(trial.files.length)] as Uint8Array, dice)
        writeFileSync(path, bytes)
        const found = await outcomeOf(trial.read(path))
        if (found instanceof InputError) requireTold(found, path)
        else requireSound(found)
        tally[found instanceof InputError ? 'refused' : 'read']++
        const expected = trial.expected?.(bytes)
        if (expected !== undefined)
          expect(found instanceof InputError ? null : eventsOf(found)).toEqual(expected && inOrder(expected))
      }),
      { numRuns: casesOf({ short: 500, long: 20_000 }) / SHARES },
    )
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  expect(Math.min(tally.refused, tally.read)).toBeGreaterThan(casesOf({ short: 2, long: 20 }))
}

/** What was read, or the `InputError`; every other error fails. */
async function outcomeOf(reading: Promise<EventRecordings>): Promise<EventRecordings | InputError> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}

function requireTold({ mistake }: InputError, path: string): void {
  expect(mistake.file).toBe(path)
  expect(mistake.field).not.toBe('')
  expect(mistake.remedy ?? '').toMatch(/^[A-Z].+\.$/)
}

function requireSound(recordings: EventRecordings): void {
  const size = recordings.shape.reduce((product, extent) => product * extent, 1)
  const { times, units } = recordings.trial(0)
  // At once: so many expectations would cost more than all else.
  const isSound = times.every((time, k) => {
    const [unit, before, other] = [units[k] as number, times[k - 1] ?? 0, units[k - 1] ?? 0]
    return time < Number.POSITIVE_INFINITY && unit < size && (time > before || (time === before && unit >= other))
  })
  expect(isSound, 'events in order, at units that there are').toBe(true)
}

/** In microseconds. */
export function eventsOf(recordings: EventRecordings, k = 0): readonly PlainEvent[] {
  const { times, units } = recordings.trial(k)
  return Array.from(times, (time, e) => [Math.round(time * 1000), units[e] as number])
}

export function inOrder(events: readonly PlainEvent[]): readonly PlainEvent[] {
  return [...events].sort(([a, one], [b, other]) => a - b || one - other)
}
