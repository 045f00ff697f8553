import { InputError } from '../../events/errors.js'
import { suggestionFor } from './nearest-name.js'
import { keepsRule, type NumberRule } from './read-number.js'

/** A parser of the text behind a flag; raises `InputError` FLAG_VALUE. */
export type FlagParser<Given> = (flag: string) => (text: string) => Given

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A parser of integers from `least`, to `most` if that is given. */
export function wholeNumber(flag: string, least: number, most = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value
    throw wrongValue(flag, text, `an integer from ${least}${most === Number.POSITIVE_INFINITY ? '' : ` to ${most}`}`)
  }
}

/** A parser of times in ms, above 0. */
export function milliseconds(
  flag: string,
  remedy = 'Give a time after 0, or leave it out; --help says when the run ends then.',
): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (Number.isFinite(value) && value > 0) return value
    throw wrongValue(flag, text, 'a finite time in ms, > 0', remedy)
  }
}

/** A parser of finite numbers above 0. */
export function positiveNumber(flag: string): (text: string) => number {
  return numberFlag(flag, { expected: 'a finite number above 0', holds: (value) => value > 0 })
}

/** A parser of finite numbers that keep a rule. */
export function numberFlag(flag: string, rule: NumberRule): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (keepsRule(value, rule)) return value
    throw wrongValue(flag, text, rule.expected)
  }
}

/** A parser of finite numbers from 0. */
export function nonNegativeNumber(flag: string): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (Number.isFinite(value) && value >= 0) return value
    throw wrongValue(flag, text, 'a finite number from 0')
  }
}

/** A parser of waiting times in ms, within a range. */
export function waitingTime(
  flag: string,
  { least, most }: { readonly least: number; readonly most: number },
): (text: string) => number {
  return (text) => {
    const value = decimal(text)
    if (value >= least && value <= most) return value
    throw wrongValue(flag, text, `${least} to ${most} ms`)
  }
}

/** A parser of names, paths and other texts that are not empty. */
export function someText(flag: string, expected: string): (text: string) => string {
  return (text) => {
    if (text.trim() !== '') return text
    throw wrongValue(flag, text, expected)
  }
}

/** Whether what may be a name or a file is a file: a name has neither a folder nor an ending. */
export function isFileName(text: string): boolean {
  return /[/\\]|\.json$/.test(text)
}

/** A parser of names with commas between them, each at most once. */
export function nameList(flag: string): (text: string) => readonly string[] {
  return (text) => split(flag, text, 'names')
}

/** A parser of integers from `least`, to `most` if given, with commas between them, each at most once. */
export function wholeNumberList(flag: string, least: number, most?: number): (text: string) => readonly number[] {
  const number = wholeNumber(flag, least, most)
  return (text) => {
    const values = split(flag, text, INTEGERS).map(number)
    // Such as 3 and +3.
    if (new Set(values).size < values.length) throw eachOnce(flag, text, INTEGERS)
    return values
  }
}

/** A parser of integers from `least` with commas between them, which may be equal. */
export function wholeNumbers(flag: string, least: number): (text: string) => readonly number[] {
  const number = wholeNumber(flag, least)
  return (text) => text.split(',').map((part) => number(part.trim()))
}

/** A parser of one word out of several; those that are announced are refused with a word of their own. */
export function oneOf<Word extends string>(
  flag: string,
  words: readonly Word[],
  announced: readonly string[] = [],
): (text: string) => Word {
  const expected = `one of ${words.join(', ')}`
  return (text) => {
    const word = words.find((each) => each === text)
    if (word !== undefined) return word
    if (!announced.includes(text)) throw wrongValue(flag, text, expected, suggestionFor(text, words).remedy)
    throw wrongValue(flag, text, expected, `This version does not support ${text} yet.`, 'FLAG_VALUE_UNSUPPORTED')
  }
}

/** A parser of words out of several with commas between them, each at most once. */
export function someOf<Word extends string>(
  flag: string,
  words: readonly Word[],
  announced: readonly string[] = [],
): (text: string) => readonly Word[] {
  const [list, word] = [nameList(flag), oneOf(flag, words, announced)]
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

/** A parser of origins of web pages with commas between them, each once: a scheme, a host and, if it is another, a port. */
export function originList(flag: string): (text: string) => readonly string[] {
  return (text) => {
    const origins = split(flag, text, 'origins')
    const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
    if (wrong === undefined) return origins
    throw wrongValue(flag, wrong, 'an origin such as https://lab.example or http://localhost:8080')
  }
}

const INTEGERS = 'integers'

/** What stands between commas, each at most once. */
function split(flag: string, text: string, what: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim())
  const isWrong = parts.some((part, index) => part === '' || parts.indexOf(part) !== index)
  if (isWrong) throw eachOnce(flag, text, what)
  return parts
}

function eachOnce(flag: string, text: string, what: string): InputError {
  return wrongValue(flag, text, `${what} with commas between them, each once`)
}

/** Number() also takes blanks and hexadecimal digits; a flag does not: those are not a number. */
export function decimal(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN
}

/** A value that a flag does not take. */
export function wrongValue(
  flag: string,
  text: string,
  expected: string,
  remedy?: string,
  code = 'FLAG_VALUE',
): InputError {
  const found = JSON.stringify(text)
  return new InputError({ code, field: flag, found, expected, ...(remedy === undefined ? {} : { remedy }) })
}
