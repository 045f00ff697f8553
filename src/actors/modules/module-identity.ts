import { RunError } from '../../events/errors.js'
import { isSameModule, type ModulePlace } from '../../network/modules/module-reference.js'
import { findModule } from './find-module.js'
import type { ModulePolicy } from './module-policy.js'

/** The code of a module, as all who compute together have to have it. */
export interface ModuleIdentity extends ModulePlace {
  /** See `hashModule`. */
  readonly hash: string
}

/** What the references of a network name, each module once. Raises what `findModule` and `hashModule` raise. */
export async function identifyModules(
  references: readonly ModulePlace[],
  policy: ModulePolicy,
): Promise<readonly ModuleIdentity[]> {
  if (references.length === 0) return []
  // Most networks name none, and need no lexer.
  const { hashModule } = await import('./hash-module.js')
  const each = references.filter((reference, k) => references.findIndex((one) => isSameModule(one, reference)) === k)
  return Promise.all(
    each.map(async ({ module, name }) => {
      return { module, name, hash: await hashModule(await findModule({ module, name }, policy)) }
    }),
  )
}

/**
 * Raises `RunError` MODULE_DIFFERS, which names the module and both hashes, if the code here is other code than that of the
 * coordinator.
 */
export function requireSameModules(own: readonly ModuleIdentity[], expected: readonly ModuleIdentity[]): void {
  for (const { module, name, hash } of own) {
    const other = expected.find((candidate) => isSameModule(candidate, { module, name }))?.hash
    if (other === hash) continue
    throw new RunError({
      code: 'MODULE_DIFFERS',
      message: `The module ${name}, or something that it imports, is other code here than at the coordinator: hash ${hash}, expected ${other ?? 'none'}.`,
      details: { module, name, found: hash, expected: other ?? '' },
      remedy: 'Put the same files there.',
    })
  }
}
