import { type Command, Option } from 'commander'
import { entryOf } from '../events/by-name.js'
import type { FlagParser } from '../network/reading/flag-values.js'

/**
 * All that is said of a flag, under its name, such as `startLimit` for `--start-limit`. What the command adds, which types its
 * values have, which options of the library it sets, and where it is refused derive from this.
 */
export interface FlagRecord<Value = unknown> {
  /** The value as `--help` shows it, such as `<ms>`; none: a switch. */
  readonly value?: string
  /** What `--help` says. */
  readonly text: string
  /** The parser of the value, for the flag of this name. */
  readonly read?: FlagParser<Value>
  /** The value without the flag; none: there is no value. */
  readonly initial?: Value
  /** A value that asks for nothing, although it is given; default: `initial`. */
  readonly nothing?: Value
  /** What the library calls it in its errors; default: `options.` and the name. */
  readonly fields?: readonly string[]
  /** Its value as options of the library; default: the option of the same name, with the same value. */
  readonly options?: (value: never) => object
  /** It names a file that only its owner should be able to read. */
  readonly isSecret?: true
}

export type FlagTable = Readonly<Record<string, FlagRecord>>

type ValueOf<Flag> = Flag extends { readonly read: FlagParser<infer Value> } ? Value : boolean

type Initial<Table> = {
  [Name in keyof Table]: Table[Name] extends { readonly initial: unknown } ? Name : never
}[keyof Table]

/** The values of the flags of a table: those that have one in any case, and those that may be given. */
export type FlagsOf<Table> = { readonly [Name in Initial<Table>]: ValueOf<Table[Name]> } & {
  readonly [Name in Exclude<keyof Table, Initial<Table>>]?: ValueOf<Table[Name]>
}

/** Such as `--start-limit` for `startLimit`. */
export function flagNamed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** A flag as commander has it. */
export function optionFlag(usage: string, text: string, read?: FlagParser<unknown>): Option {
  const option = new Option(usage, text)
  return read === undefined ? option : option.argParser(read(option.long ?? usage))
}

/** Adds flags to a command, in the order of the table. */
export function addFlags(command: Command, table: FlagTable): Command {
  for (const [name, { value, text, read, initial }] of Object.entries(table)) {
    const flag = flagNamed(name)
    command.addOption(optionFlag(value === undefined ? flag : `${flag} ${value}`, text, read).default(initial))
  }
  return command
}

/** The names of the flags of a table that are given and ask for something. */
export function askedOf<Table extends FlagTable>(table: Table, flags: object): readonly (keyof Table & string)[] {
  const values = new Map<string, unknown>(Object.entries(flags))
  return Object.entries(table).flatMap(([name, { initial, nothing = initial }]) => {
    const value = values.get(name)
    return value === undefined || value === nothing ? [] : [name]
  })
}

/** Those of the flags that are of a table and given, without the rest. */
export function flagsOf<Table extends FlagTable>(table: Table, flags: object): Partial<FlagsOf<Table>> {
  return Object.fromEntries(
    Object.entries(flags).filter(([name, value]) => Object.hasOwn(table, name) && value !== undefined),
  ) as Partial<FlagsOf<Table>>
}

/** The flags of a table that ask for something, as they stand on a command line. */
export function argvOf(table: FlagTable, flags: object): readonly string[] {
  const values = new Map<string, unknown>(Object.entries(flags))
  return askedOf(table, flags).flatMap((name) => {
    const value = values.get(name)
    return value === true ? [flagNamed(name)] : [flagNamed(name), String(value)]
  })
}

/** What the flags of a table say, as options of the library. */
export function optionsOf(table: FlagTable, flags: object): object {
  const given = Object.entries<unknown>(flagsOf(table, flags))
  return Object.assign(
    {},
    ...given.map(([name, value]) => {
      return entryOf(table, name)?.options?.(value as never) ?? { [name]: value }
    }),
  )
}

/** The flags that the library calls by a field in its errors, by field, such as `--tls-ca, --tls-cert or --tls-key`. */
export function flagsByField(table: FlagTable): Readonly<Record<string, string>> {
  const flags = new Map<string, readonly string[]>()
  for (const [name, { fields = [`options.${name}`] }] of Object.entries(table))
    for (const field of fields) flags.set(field, [...(flags.get(field) ?? []), flagNamed(name)])
  const inWords = (names: readonly string[]) =>
    [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ')
  return Object.fromEntries([...flags].map(([field, names]) => [field, inWords(names)]))
}
