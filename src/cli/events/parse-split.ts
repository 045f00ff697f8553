import type { EventSplit } from '../../data/recordings/task/event-task-options.js'
import { decimal, wrongValue } from '../../network/reading/flag-values.js'
import { assignments } from './assignments.js'

const FLAG = '--split'
const BY_GROUP = 'by=speaker,validation=20-23,test=24-31'
const BY_SHARE = 'validation=0.15,test=0.15,seed=0'
/** Maximum number of names in a range. */
const MOST_NAMES = 100_000

/**
 * By a group, such as `by=speaker,validation=20-23+30,test=ann`, with `validation-by=session` where its values are of another, or by shares, such as `validation=0.2,test=0.1,seed=1`.
 */
export function parseSplit(text: string): EventSplit {
  const isByGroup = /(^|,)\s*by=/.test(text)
  return isByGroup ? byGroup(text) : byShare(text)
}

function byGroup(text: string): EventSplit {
  const given = new Map(
    assignments(FLAG, text, ['by', 'validation', 'validation-by', 'test'], BY_GROUP).map(({ name, value }) => [
      name,
      value,
    ]),
  )
  const [by, validation, validationBy, test] = ['by', 'validation', 'validation-by', 'test'].map((name) =>
    given.get(name),
  )
  if (by === undefined || validation === undefined)
    throw wrongValue(FLAG, text, `validation beside by, such as ${BY_GROUP}`)
  const names = (list: string) => list.split('+').flatMap((part) => namesIn(part.trim(), text))
  return {
    ...{ by, validation: names(validation) },
    ...(validationBy === undefined ? {} : { validationBy }),
    ...(test === undefined ? {} : { test: names(test) }),
  }
}

/** A name, or those of a range of whole numbers. */
function namesIn(part: string, text: string): readonly (string | number)[] {
  if (part === '') throw wrongValue(FLAG, text, `names with + between them, such as ${BY_GROUP}`)
  const [, low, high] = /^(\d+)-(\d+)$/.exec(part) ?? []
  if (low === undefined || high === undefined) return [String(Number(part)) === part ? Number(part) : part]
  const [from, to] = [Number(low), Number(high)]
  if (from > to || to - from >= MOST_NAMES)
    throw wrongValue(FLAG, text, `ranges that rise, of ${MOST_NAMES} names at most`)
  return Array.from({ length: to - from + 1 }, (_, k) => from + k)
}

function byShare(text: string): EventSplit {
  const entries = assignments(FLAG, text, ['validation', 'test', 'seed'], `${BY_GROUP} or ${BY_SHARE}`).map(
    ({ name, value }) => {
      const number = decimal(value)
      const isRight = name === 'seed' ? Number.isSafeInteger(number) && number >= 0 : number >= 0 && number < 1
      if (isRight) return [name, number] as const
      throw wrongValue(FLAG, text, 'shares from 0 and below 1, and a seed that is a whole number from 0')
    },
  )
  return Object.fromEntries(entries)
}
