import { InputError } from '../../events/errors.js'
import { OPERATOR_EXPORT } from '../description/projections.js'
import { type ModuleReference, moduleReference } from '../modules/module-reference.js'
import { describeValue } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { readList } from '../reading/read-list.js'
import { readPlain } from '../reading/read-value.js'

/**
 * The operators of a projection; none where nothing is given.
 *
 * Raises `InputError` MODULES_FORBIDDEN where no module may be named, and what `moduleReference` raises.
 *
 * @param base against which paths are resolved; null: no module may be named
 */
export function readThrough(
  value: unknown,
  field: string,
  base: string | null | undefined,
): readonly ModuleReference[] {
  if (value === undefined) return []
  return readList(value, field).map((each, k) => readModule(each, `${field}[${k}]`, OPERATOR_EXPORT, base))
}

/**
 * A module as a program or a network file names it: `{ module, name?, export?, options? }`.
 *
 * Raises `InputError` MODULES_FORBIDDEN, FIELD_UNKNOWN, and what `moduleReference` raises.
 */
export function readModule(
  value: unknown,
  field: string,
  exported: string,
  base: string | null | undefined,
): ModuleReference {
  const given = readPlain(value, field)
  refuseUnknown(given, ['module', 'name', 'export', 'options'], field)
  if (base === null) throw forbidden(given.module, `${field}.module`)
  const { module, name, options } = given
  return moduleReference({ module, name, options, export: given.export ?? exported }, field, base)
}

function forbidden(module: unknown, field: string): InputError {
  return new InputError({
    code: 'MODULES_FORBIDDEN',
    field,
    found: `the module ${describeValue(module)}, whose code would run here`,
    expected: 'a network file that names no modules',
    remedy: 'If you trust them, call parseNetwork with { modules: URL }, the place of the file.',
  })
}
