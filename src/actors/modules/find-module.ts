import type { ModulePlace } from '../../network/modules/module-reference.js'
import type { ModulePolicy } from './module-policy.js'

/**
 * The `file:` URL of a module here, see `findModuleFile`, which is loaded with the file system by the first module that is
 * looked for.
 *
 * Raises `InputError` MODULE_NOT_FOUND and MODULE_FORBIDDEN.
 */
export async function findModule(reference: ModulePlace, policy: ModulePolicy): Promise<string> {
  const { findModuleFile } = await import('./find-module-file.js')
  return findModuleFile(reference, policy)
}
