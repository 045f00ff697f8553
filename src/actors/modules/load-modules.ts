import type { Network } from '../../network/description/network.js'
import type { ModuleReference } from '../../network/modules/module-reference.js'
import { moduleReferences } from '../../network/modules/module-references.js'
import { type ExportedFunction, loadFunction } from './load-export.js'
import type { ModulePolicy } from './module-policy.js'

/** What the modules that a network names export, by reference. */
export type LoadedModules = ReadonlyMap<ModuleReference, ExportedFunction>

export const NO_MODULES: LoadedModules = new Map([])

/** Loads all modules that a network names. Raises what `loadFunction` raises. */
export async function loadModules(network: Network, policy: ModulePolicy): Promise<LoadedModules> {
  const references = moduleReferences(network)
  return new Map(await Promise.all(references.map(async (each) => [each, await loadFunction(each, policy)] as const)))
}
