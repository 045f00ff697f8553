import { lossOfModule } from '../../actors/modules/loss-module.js'
import { InputError } from '../../events/errors.js'
import type { UserLoss } from '../../learning/loss.js'
import type { NamedLoss } from '../../learning/losses/named-loss.js'
import { fieldIn } from '../../network/reading/read-fields.js'
import type { ModulesFlag } from '../modules-flag.js'
import { settled } from '../task-module/settled.js'

/** Where a loss is named: a file, and the field of it, `$` for the whole. */
export interface NamingPlace {
  readonly file: string
  readonly field: string
}

/**
 * Loads the loss of a module that a file names.
 *
 * Raises, before anything of it is run, `InputError` MODULES_FORBIDDEN unless modules are allowed; MODULE_FAILED for one that
 * is never through, and those of `lossModule`, with the file.
 */
export async function loadNamedLoss(
  { reference, group }: NamedLoss,
  { file, field }: NamingPlace,
  { allowModules = false }: ModulesFlag,
): Promise<UserLoss> {
  const wrong = (code: string, found: string, expected: string, remedy?: string) =>
    new InputError({
      ...{ code, file, field: fieldIn(field, 'module'), found, expected },
      ...(remedy === undefined ? {} : { remedy }),
    })
  if (!allowModules)
    throw wrong(
      'MODULES_FORBIDDEN',
      `the module ${reference.module}, whose code would run here`,
      'a loss of this package: a file runs no code by being opened',
      'Give --allow-modules if you trust the file.',
    )
  const stuck = () =>
    wrong('MODULE_FAILED', 'a promise that nothing settles any more', 'a module that can be loaded, and makes a loss')
  try {
    return (await settled(lossOfModule(reference), stuck)).on(group)
  } catch (error) {
    throw error instanceof InputError ? error.inFile(file) : error
  }
}
