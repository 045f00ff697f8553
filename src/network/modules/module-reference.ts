import { InputError } from '../../events/errors.js'
import { describeValue } from '../reading/describe-value.js'
import { fieldIn } from '../reading/read-fields.js'
import { type Reader, valueThat } from '../reading/read-value.js'
import { wrongType } from '../reading/wrong-value.js'
import { type PlainOptions, plainOptions } from './plain-options.js'

/**
 * What a module of a user exports, as plain data: partitions in threads, in other processes and on other machines load it
 * themselves. Code never travels.
 */
export interface ModuleReference {
  /** A `file:` URL. */
  readonly module: string
  /** By which workers of other machines find their own copy below their `--modules` folder, such as `routers/lossy.js`. */
  readonly name: string
  /** The name of what it exports. */
  readonly export: string
  readonly options: PlainOptions
}

export interface GivenModule {
  /** A `file:` URL, or a path. */
  readonly module: unknown
  /** Default: the path as it is written below `base`, else the last part of it. */
  readonly name?: unknown
  readonly export: unknown
  /** Default: none. */
  readonly options?: unknown
}

/**
 * Checks a reference to a module and freezes it.
 *
 * Raises `InputError` MODULE_URL for what is no file, MODULE_NAME, MODULE_OPTIONS and FIELD_TYPE.
 *
 * @param base `file:` URL against which a path is resolved, such as that of the file that names it; default: only absolute
 *   paths are taken
 */
export function moduleReference(
  { options = {}, ...given }: GivenModule,
  field: string,
  base?: string,
): ModuleReference {
  const module = fileUrl(given.module, fieldIn(field, 'module'), base)
  const name = given.name === undefined ? nameBelow(module, base) : given.name
  if (typeof given.export !== 'string' || given.export === '')
    throw wrongType(given.export, fieldIn(field, 'export'), 'the name of what the module exports')
  return Object.freeze({
    module,
    name: readModuleName(name, fieldIn(field, 'name')),
    export: given.export,
    options: plainOptions(options, fieldIn(field, 'options')),
  })
}

function fileUrl(given: unknown, field: string, base: string | undefined): string {
  const text = given instanceof URL ? given.href : given
  if (typeof text !== 'string' || text === '') throw wrongType(given, field, 'a URL of a file, or a path')
  const url = /^[a-z][a-z\d+.-]*:/i.test(text) ? parsed(text) : ofPath(text, base)
  if (url?.protocol === 'file:' && url.host === '' && url.search === '' && url.hash === '') return url.href
  throw notAFile(text, field)
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/** What stands for itself in a path may mean something else in a URL, or be lost; the rest stays as URLs of files have it. */
const MEANT_OTHERWISE = /[%?#\\\s\p{Cc}]/gu

/** What a path leads to, seen from a file; null for one that is not absolute where there is none. */
export function ofPath(path: string, base: string | undefined): URL | null {
  if (base === undefined && !path.startsWith('/')) return null
  return new URL(path.replace(MEANT_OTHERWISE, encodeURIComponent), base ?? 'file:///')
}

function notAFile(text: string, field: string): InputError {
  return new InputError({
    code: 'MODULE_URL',
    field,
    found: describeValue(text),
    expected:
      'a URL that begins with file:, or the path of a file, in a program an absolute one; never data:, http: or https:, whose code would travel',
    remedy: "In a program, give new URL('./name.js', import.meta.url).",
  })
}

/** The URL of a file, against which others are resolved; raises `InputError` MODULE_URL and FIELD_TYPE. */
export const readFileUrl: Reader<URL | string> = (value, field) => fileUrl(value, field, undefined)

function nameBelow(module: string, base: string | undefined): string {
  const folder = base === undefined ? null : new URL('.', base).href
  const below = folder !== null && module.startsWith(folder) ? module.slice(folder.length) : null
  return decodeURIComponent(below ?? module.slice(module.lastIndexOf('/') + 1))
}

/** Raises `InputError` MODULE_NAME for one that might lead out of a folder. */
export const readModuleName = valueThat<string>({
  code: 'MODULE_NAME',
  expected: 'a path below a folder, such as routers/lossy.js, that does not leave it',
  holds: (name) => typeof name === 'string' && staysBelow(name),
})

function staysBelow(path: string): boolean {
  const isSafe = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  // Control characters end a path early, or are invisible.
  return isSafe && !/[\\\p{Cc}]/u.test(path)
}

/** Where a module is, here and elsewhere. */
export type ModulePlace = Pick<ModuleReference, 'module' | 'name'>

/** Whether two references name the same code. */
export function isSameModule(one: ModulePlace, other: ModulePlace): boolean {
  return one.module === other.module && one.name === other.name
}
