import { entryOf } from '../../../events/by-name.js'
import { documentationPage } from '../../../events/documentation-page.js'
import { InputError } from '../../../events/errors.js'
import { nearestName } from '../../../network/reading/nearest-name.js'
import type { TimeUnit } from './table-options.js'

/** Names of columns, of which the plural may stand for the singular. */
const TIMES: Readonly<Record<string, TimeUnit | null>> = Object.freeze({
  time_s: 's',
  times_s: 's',
  time_ms: 'ms',
  times_ms: 'ms',
  time_us: 'us',
  times_us: 'us',
  t: 'us',
  time: null,
  times: null,
})

/** So short a name that it may be said what its unit is. */
const ANY_TIME = 't'

const OTHERS = Object.freeze({
  unit: ['unit', 'units', 'channel', 'channels'],
  x: ['x'],
  y: ['y'],
  polarity: ['polarity', 'polarities', 'p'],
  sample: ['sample', 'samples'],
  offsets: ['offsets'],
  label: ['label', 'labels'],
  shape: ['shape'],
} as const)

type Role = keyof typeof OTHERS

/** What the columns of a table mean; absent is what it does not have. */
export interface ColumnRoles extends Readonly<Partial<Record<Role, string>>> {
  readonly time: string
  /** One unit of the times, in ms. */
  readonly timeScale: TimeScale
  /** All others, which tell groups. */
  readonly groups: readonly string[]
}

/** A time in ms is `time · times / over`: one of both is 1, so that it is rounded once. */
export interface TimeScale {
  readonly times: number
  readonly over: number
}

const SCALES: Readonly<Record<TimeUnit, TimeScale>> = Object.freeze({
  s: { times: 1000, over: 1 },
  ms: { times: 1, over: 1 },
  us: { times: 1, over: 1000 },
})

/**
 * What columns mean by their names.
 *
 * Raises `InputError` FIELD_MISSING, OPTION_CONFLICT for two of the same meaning and for another unit than the name says,
 * TIME_UNIT_MISSING.
 *
 * @param roles that a format has beside times
 */
export function columnRoles(
  names: readonly string[],
  { file, field, roles }: { readonly file: string; readonly field: string; readonly roles: readonly Role[] },
  timeUnit: TimeUnit | undefined,
): ColumnRoles {
  const place = { file, field }
  const only = (known: readonly string[], what: string): string | undefined => {
    const found = names.filter((name) => known.includes(name))
    if (found.length < 2) return found[0]
    const expected = `one column of ${what}`
    const remedy = 'Leave out all but one of them, or rename the others.'
    throw new InputError({ ...place, code: 'OPTION_CONFLICT', found: found.join(' and '), expected, remedy })
  }
  const known = Object.keys(TIMES)
  const time = only(known, 'times')
  if (time === undefined) throw missingColumn(place, names, 'time_ms', 'times: time_ms, time_s, time_us or t')
  const found = roles.map((role) => [role, only(OTHERS[role], `${role}s`)] as const)
  const used = [time, ...found.map(([, name]) => name)]
  const named = time === ANY_TIME ? null : (entryOf(TIMES, time) ?? null)
  if (timeUnit !== undefined && named !== null && named !== timeUnit)
    throw new InputError({
      ...{ code: 'OPTION_CONFLICT', file, field: time, found: `times whose name says ${named}` },
      expected: `${timeUnit}, as was said`,
      remedy: 'Leave the option timeUnit out, or rename the times.',
    })
  const unit = timeUnit ?? entryOf(TIMES, time) ?? null
  if (unit === null)
    throw new InputError({
      ...{ code: 'TIME_UNIT_MISSING', file, field: time },
      ...{ found: 'times that do not say their unit', expected: 'one that does, such as time_ms or time_s' },
      remedy: "Rename it, or give the option timeUnit: 's', 'ms' or 'us'.",
    })
  return {
    ...Object.fromEntries(found.filter(([, name]) => name !== undefined)),
    time,
    timeScale: SCALES[unit],
    groups: names.filter((name) => !used.includes(name)),
  }
}

/** Whether a column of this name has times. */
export function isTimeName(name: string): boolean {
  return Object.hasOwn(TIMES, name)
}

/** The error for a column that is not there. */
export function missingColumn(
  { file, field }: { readonly file: string; readonly field: string },
  names: readonly string[],
  name: string,
  expected: string,
): InputError {
  const found =
    names.length === 0 ? 'none' : `only ${names.map((each) => JSON.stringify(each)).join(', ')}`.slice(0, 300)
  const meant = nearestName(name, names)
  const remedy = meant === null ? RENAME : `Rename ${JSON.stringify(meant)} to ${name}, if it means that.`
  return new InputError({ code: 'FIELD_MISSING', file, field, found, expected, remedy })
}

const RENAME = `Name what holds it so; ${documentationPage('own-recordings.md')} tells what names mean.`
