import { Option } from 'commander'
import type { FlagParser } from '../learning/options/training-option.js'

/** A flag as commander has it. */
export function optionFlag(flag: string, says: string, parse?: FlagParser<unknown>): Option {
  const option = new Option(flag, says)
  return parse === undefined ? option : option.argParser(parse(option.long ?? flag))
}
