import type { Network } from '../../network/description/network.js'
import type { FlagParser } from '../../network/reading/flag-values.js'
import type { Reader } from '../../network/reading/read-value.js'
import type { TrainOptions } from '../train-options.js'

/** What a flag means, and what help says of it. */
export interface FlagMeaning<Given> {
  readonly says: string
  readonly parse: FlagParser<Given>
}

/** All that is particular to one option of a training, once for library, presets, command line and checkpoints. */
export interface TrainingOption<Value> {
  /** What a call may give; what is inside is checked with the network. Default: anything. */
  readonly take?: Reader<Value>
  /** Reads it in a file; absent: no file states it. */
  readonly read?: Reader<Value>
  /**
   * Checks what a call gives, if that needs no other option, and raises `InputError`; absent: `configureTraining` does.
   */
  readonly check?: (value: Value, field: string, network: Network) => unknown
  /** What holds where it is left out. */
  readonly fallback?: unknown
  /** It is an option of every step, too, with the same check. */
  readonly ofStep?: true
  /** What it has values for: kinds of parameters, groups, or fields of its own. */
  readonly per?: 'kind' | 'group' | 'field'
  /** Its name in checkpoints, if that is another; null: they do not have it. */
  readonly identity?: string | null
  /** Checkpoints have it only where it is not the fallback: those of earlier versions have none. */
  readonly isNamedIfSet?: true
  /** It may be otherwise in epochs that are added to a training. */
  readonly mayChange?: true
  /** Such as `--clip <norm>`; without anything behind it, the flag stands for true. */
  readonly flag?: `--${string}`
  readonly says?: string
  readonly parse?: FlagParser<unknown>
  /** Further flags of it. */
  readonly more?: Readonly<Record<`--${string}`, FlagMeaning<unknown>>>
  /**
   * Its value where the command line says something else than the training. Absent: what its flag says, beside the values of
   * other names where it has values by name.
   */
  change?(training: TrainOptions, flags: Readonly<Record<string, unknown>>): Value | undefined
}

/** What a command line has for a flag: `warmUp` for `--warm-up <epochs>`. */
type AttributeOf<Flag> = Flag extends `--${infer Name} ${string}`
  ? Camel<Name>
  : Flag extends `--${infer Name}`
    ? Camel<Name>
    : never

type Camel<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<Camel<Rest>>}`
  : Name

export function attributeOf(flag: string): string {
  const [name = ''] = flag.slice(2).split(' ')
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

type GivenBy<Option> = Option extends { readonly parse: FlagParser<infer Given> } ? Given : boolean

type NoFlag = Readonly<Record<never, never>>

type OwnFlag<Option> = Option extends { readonly flag: infer Flag }
  ? { readonly [Name in AttributeOf<Flag>]?: GivenBy<Option> }
  : NoFlag

type MoreFlags<Option> = Option extends { readonly more: infer More }
  ? { readonly [Flag in keyof More as AttributeOf<Flag>]?: GivenBy<More[Flag]> }
  : NoFlag

type Both<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

/** What the flags of some options give. */
export type FlagsOf<Options> = Both<
  { [Name in keyof Options]: OwnFlag<Options[Name]> & MoreFlags<Options[Name]> }[keyof Options]
>
