import type { Network } from '../../network/description/network.js'
import type { ModuleReference } from '../../network/modules/module-reference.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import { type ExportedFunction, loadFunction } from './load-export.js'
import type { ModulePolicy } from './module-policy.js'

/** What the modules that a network names export, by reference. */
export type LoadedModules = ReadonlyMap<ModuleReference, ExportedFunction>

export const NO_MODULES: LoadedModules = new Map([])

/**
 * Loads all modules that a network names, one after the other. Raises what `loadFunction` raises.
 *
 * @param beforeEach called with the module to load next, as one that hangs answers no questions; null: all are loaded
 */
export async function loadModules(
  network: Network,
  policy: ModulePolicy,
  beforeEach: (module: string | null) => Promise<void> | void = () => undefined,
): Promise<LoadedModules> {
  const loaded = new Map<ModuleReference, ExportedFunction>()
  for (const reference of moduleReferences(network)) {
    await beforeEach(reference.module)
    loaded.set(reference, await loadFunction(reference, policy))
  }
  await beforeEach(null)
  return loaded
}
