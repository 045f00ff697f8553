import { Option } from 'commander'
import type { FlagParser } from '../network/reading/flag-values.js'

/** A flag as commander has it. */
export function optionFlag(flag: string, says: string, parse?: FlagParser<unknown>): Option {
  const option = new Option(flag, says)
  return parse === undefined ? option : option.argParser(parse(option.long ?? flag))
}
