import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { InputError } from '../../events/errors.js'
import { type ModulePlace, readModuleName } from '../../network/modules/module-reference.js'
import { isFile, pathBelow } from './module-paths.js'
import type { ModulePolicy, WorkerModules } from './module-policy.js'

/**
 * The `file:` URL of a module here: the one that is named, or on a worker of another machine its copy, below its own folder.
 *
 * Raises `InputError` MODULE_NOT_FOUND; MODULE_FORBIDDEN where there is no such folder, or the name leads out of it.
 */
export function findModuleFile(reference: ModulePlace, policy: ModulePolicy): string {
  if (policy.kind === 'own') return pathToFileURL(copyOf(reference, policy)).href
  const path = fileURLToPath(reference.module)
  if (!isFile(path)) throw notFound(reference, path)
  return reference.module
}

function copyOf(reference: ModulePlace, { modules }: WorkerModules): string {
  if (modules === undefined)
    throw forbidden(reference, 'no modules of others: this worker was started without a folder of them')
  const name = readModuleName(reference.name, 'name')
  const path = resolve(modules, name)
  if (!existsSync(path)) throw notFound(reference, path)
  const found = pathBelow(modules, name)
  if (found === null) throw forbidden(reference, `a module below ${modules}, and no link that leads out of it`)
  if (!isFile(found)) throw notFound(reference, found)
  return found
}

function notFound({ module, name }: ModulePlace, path: string): InputError {
  return new InputError({
    code: 'MODULE_NOT_FOUND',
    field: module,
    found: `no file ${path}`,
    expected: `the module ${name}`,
  })
}

function forbidden({ module, name }: ModulePlace, expected: string): InputError {
  return new InputError({
    code: 'MODULE_FORBIDDEN',
    field: module,
    found: JSON.stringify(name),
    expected,
    remedy: `Start the worker with --modules DIR, where a copy of the module lies as ${name}; code never travels.`,
  })
}
