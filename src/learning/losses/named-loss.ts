import { InputError } from '../../events/errors.js'
import { type ModuleReference, moduleReference } from '../../network/modules/module-reference.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { fieldIn, refuseUnknown } from '../../network/reading/read-fields.js'
import { readString } from '../../network/reading/read-value.js'

/** A user-defined loss as a file names it: nothing of its module is loaded yet. */
export interface NamedLoss {
  readonly reference: ModuleReference
  readonly group: string
}

/** What the module of a loss exports if nothing else is said. */
export const LOSS_EXPORT = 'createLoss'

/** Whether what a file says of a loss names a module. */
export function namesModule(given: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(given, 'module')
}

/**
 * A loss of a module as a file names it: `{ module, name?, export?, options?, group }`.
 *
 * Raises `InputError` MODULES_FORBIDDEN, FIELD_UNKNOWN, FIELD_MISSING, FIELD_TYPE, and what `moduleReference` raises.
 *
 * @param base `file:` URL of the file, against which paths are resolved; null: no module may be named
 * @param others fields that the file may have beside these
 */
export function readNamedLoss(
  given: Readonly<Record<string, unknown>>,
  field: string,
  base: string | null,
  others: readonly string[] = [],
): NamedLoss {
  refuseUnknown(given, ['module', 'name', 'export', 'options', 'group', ...others], field)
  const { module, name, options, group } = given
  if (base === null) throw forbidden(module, field)
  const reference = moduleReference({ module, name, options, export: given.export ?? LOSS_EXPORT }, field, base)
  return { reference, group: readString(group, fieldIn(field, 'group')) }
}

function forbidden(module: unknown, field: string): InputError {
  return new InputError({
    code: 'MODULES_FORBIDDEN',
    field: fieldIn(field, 'module'),
    found: `the module ${describeValue(module)}, whose code would run here`,
    expected: 'a loss of this package',
    remedy: 'If you trust it, load it with lossModule.',
  })
}
