import { InputError } from '../../events/errors.js'

/** `InputError` STATE_FOREIGN: the state of a group was saved by another kernel than the one that is to go on from it. */
export function foreignState(group: string, found: readonly string[], expected: readonly string[]): InputError {
  return new InputError({
    code: 'STATE_FOREIGN',
    field: 'options.from',
    found: `for "${group}" the quantities ${found.join(', ')}`,
    expected: `${expected.join(', ')}, as the kernel of this session saves them; with parameters as they were then`,
  })
}
