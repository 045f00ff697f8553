import { InputError } from '../events/errors.js'

/** In ms. */
const LONGEST_TIMER = 2_147_483_647

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

/** A parser of waiting times in ms, above 0 and no longer than a timer can wait. */
export function waitingTime(flag: string): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (value > 0 && value <= LONGEST_TIMER) return value
    throw wrongValue(flag, text, `a time in ms, > 0 and at most ${LONGEST_TIMER}`)
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

/** A parser of integers from `least` with commas between them, each at most once. */
export function wholeNumberList(flag: string, least: number): (text: string) => readonly number[] {
  const [list, number] = [nameList(flag), wholeNumber(flag, least)]
  return (text) => list(text).map(number)
}

/** A parser of one word out of several; those that are planned are refused with a word of their own. */
export function oneOf<Word extends string>(
  flag: string,
  words: readonly Word[],
  planned: readonly string[] = [],
): (text: string) => Word {
  const expected = `one of ${words.join(', ')}`
  return (text) => {
    const word = words.find((each) => each === text)
    if (word !== undefined) return word
    if (!planned.includes(text)) throw wrongValue(flag, text, expected)
    throw wrongValue(flag, text, expected, `This version does not support ${text} yet.`, 'FLAG_VALUE_UNSUPPORTED')
  }
}

/** A parser of words out of several with commas between them, each at most once. */
export function someOf<Word extends string>(
  flag: string,
  words: readonly Word[],
  planned: readonly string[] = [],
): (text: string) => readonly Word[] {
  const [list, word] = [nameList(flag), oneOf(flag, words, planned)]
  return (text) => list(text).map(word)
}

/** Where to listen. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** A parser of addresses such as 127.0.0.1:4000 or [::1]:0. */
export function listenAddress(flag: string): (text: string) => ListenAddress {
  return (text) => {
    const [, bracketed, plain, digits] = /^(?:\[([\da-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i.exec(text) ?? []
    const [host, port] = [bracketed ?? plain, Number(digits)]
    if (host !== undefined && port <= 65_535) return { host, port }
    throw wrongValue(flag, text, 'HOST:PORT with a port from 0, for any that is free, to 65535')
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
