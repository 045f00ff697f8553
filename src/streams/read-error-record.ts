import type { ErrorRecord } from '../events/error-record.js'
import { InputError } from '../events/errors.js'
import { mapOf } from '../network/reading/read-fields.js'
import { listOf } from '../network/reading/read-list.js'
import { asGiven, nullOr, type Reader, readString, wordOf } from '../network/reading/read-value.js'
import { formOf, optional } from '../network/reading/read-variant.js'
import { wrongType } from '../network/reading/wrong-value.js'

/** More than any message or trace of an error has. */
const MOST_CHARACTERS = 1 << 20

const readText: Reader<string> = (value, field) => {
  const text = readString(value, field)
  if (text.length <= MOST_CHARACTERS) return text
  const found = `a text of ${text.length} characters`
  throw new InputError({ code: 'OPTION_OUT_OF_RANGE', field, found, expected: `at most ${MOST_CHARACTERS}` })
}

const readTextOrNumber: Reader<string | number> = (value, field) => {
  if (typeof value === 'number') return value
  if (typeof value === 'string') return readText(value, field)
  throw wrongType(value, field, 'a text or a number')
}

const MISTAKE = formOf<NonNullable<ErrorRecord['mistake']>>({
  code: readText,
  file: optional(readText),
  field: readText,
  found: readText,
  expected: readText,
  remedy: optional(readText),
  further: optional(listOf(readText)),
})

const RECORD = formOf<ErrorRecord>({
  kind: wordOf(['InputError', 'RunError', 'InternalError', 'Error'] as const),
  name: readText,
  code: readText,
  message: readText,
  details: mapOf(readTextOrNumber),
  mistake: asGiven,
  remedy: optional(readText),
  cause: nullOr(readText),
  stack: nullOr(readText),
})

/** An error that another process tells of; raises `InputError` that names the field for what is none. */
export const readErrorRecord: Reader<ErrorRecord> = (value, field) => {
  const record = RECORD(value, field)
  // A mistake of the user is described by its parts.
  const readMistake = record.kind === 'InputError' ? MISTAKE : nullOr(MISTAKE)
  return { ...record, mistake: readMistake((value as ErrorRecord).mistake, `${field}.mistake`) }
}
