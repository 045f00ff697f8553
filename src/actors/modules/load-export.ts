import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { ModuleReference } from '../../network/modules/module-reference.js'
import { describeThrown } from '../../network/reading/describe-thrown.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { findModule } from './find-module.js'
import { importModule, type ModuleExports } from './import-module.js'
import type { ModulePolicy } from './module-policy.js'

/** A function that a module exports, whatever it takes. */
export type ExportedFunction = (...given: readonly unknown[]) => unknown

/**
 * Loads the function that a reference names.
 *
 * Raises `InputError` MODULE_NOT_FOUND, MODULE_FORBIDDEN, MODULE_FAILED if it throws while it is loaded, and MODULE_EXPORT
 * if it has no such function; all name the module.
 */
export async function loadFunction(reference: ModuleReference, policy: ModulePolicy): Promise<ExportedFunction> {
  const exported = await loadModule(reference, policy)
  const found = entryOf(exported, reference.export)
  if (typeof found === 'function') return found as ExportedFunction
  const names = Object.keys(exported)
  throw new InputError({
    code: 'MODULE_EXPORT',
    field: reference.module,
    found:
      found === undefined
        ? names.length === 0
          ? 'no exports'
          : `the exports ${names.join(', ')}`
        : `${reference.export}, ${describeValue(found)}`,
    expected: `a function ${reference.export} among its exports`,
    ...suggestionFor(reference.export, found === undefined ? names : []),
  })
}

/**
 * What the module of a reference exports.
 *
 * Raises `InputError` MODULE_NOT_FOUND, MODULE_FORBIDDEN, and MODULE_FAILED, with file and line for what is no JavaScript.
 */
export async function loadModule(reference: ModuleReference, policy: ModulePolicy): Promise<ModuleExports> {
  const url = await findModule(reference, policy)
  try {
    return await importModule(url)
  } catch (cause) {
    const remedy = isTypeScript(cause) ? remedyOf(policy) : null
    throw new InputError({
      code: 'MODULE_FAILED',
      field: reference.module,
      found: `an error while it was loaded: ${describeThrown(cause)}${await placeOf(cause, url)}`,
      expected: remedy === null ? 'a module that can be loaded' : `a module that Node.js ${process.version} can load`,
      ...(remedy === null ? {} : { remedy }),
      cause,
    })
  }
}

/** What Node.js says where no loader knows TypeScript, or its own does not know what the module has. */
const NO_LOADER = [
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
]

function isTypeScript(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && NO_LOADER.includes(String(cause.code))
}

function remedyOf({ kind }: ModulePolicy): string {
  const worker = kind === 'own' ? ' the worker' : ''
  return `Compile it to JavaScript, or start${worker} with a loader: node --import tsx, or NODE_OPTIONS="--import tsx".`
}

/** Where a module is no JavaScript. */
async function placeOf(cause: unknown, url: string): Promise<string> {
  // Of whatever context: it need not be that of this module.
  if (!(cause instanceof Error) || cause.name !== 'SyntaxError') return ''
  // Modules that can be loaded need no lexer, and no process.
  const { syntaxMistake, toldPlace } = await import('./syntax-mistake.js')
  const place = toldPlace(cause) ?? (await syntaxMistake(url, cause.message))?.place
  return place === undefined ? '' : ` (${place})`
}
