import { InputError } from '../events/errors.js'

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A parser of integers from `least`. */
export function wholeNumber(flag: string, least: number): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (Number.isSafeInteger(value) && value >= least) return value
    throw wrongValue(flag, text, `an integer from ${least}`)
  }
}

/** A parser of times in ms, above 0. */
export function milliseconds(flag: string): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (Number.isFinite(value) && value > 0) return value
    throw wrongValue(flag, text, 'a finite time in ms, > 0', 'Leave it out for a run without an end.')
  }
}

/** A parser of names with commas between them, each at most once. */
export function nameList(flag: string): (text: string) => readonly string[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim())
    const isWrong = names.some((name, index) => name === '' || names.indexOf(name) !== index)
    if (isWrong) throw wrongValue(flag, text, 'names with commas between them, each once')
    return names
  }
}

/** A parser that accepts the one value this version can run with. */
export function onlyValue<Value extends string | number>(
  flag: string,
  value: Value,
  reason: string,
): (text: string) => Value {
  return (text) => {
    if (text === String(value)) return value
    const remedy = `${reason} Leave ${flag} out.`
    throw wrongValue(flag, text, String(value), remedy, 'FLAG_VALUE_UNSUPPORTED')
  }
}

/** A parser of a flag whose meaning this version cannot give it yet. */
export function unsupported(flag: string): () => never {
  return () => {
    throw new InputError({
      code: 'FLAG_UNSUPPORTED',
      field: flag,
      found: 'the flag',
      expected: 'a run without it',
      remedy: `This version does not support ${flag} yet.`,
    })
  }
}

/** Number() also takes blanks and hexadecimal digits; a flag does not. */
function decimal(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN
}

function wrongValue(flag: string, text: string, expected: string, remedy?: string, code = 'FLAG_VALUE'): InputError {
  const found = JSON.stringify(text)
  return new InputError({ code, field: flag, found, expected, ...(remedy === undefined ? {} : { remedy }) })
}
