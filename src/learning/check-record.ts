import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { expectList } from '../network/reading/expect.js'
import { suggestionFor } from '../network/reading/nearest-name.js'

/** Raises `InputError` GROUP_UNKNOWN for a name to record that no group has, FIELD_TYPE for what is no list. */
export function checkRecord({ groups }: Network, names: readonly string[]): void {
  const stranger = expectList(names, 'options.record').find((name) => !groups.some((group) => group.name === name))
  if (stranger === undefined) return
  throw new InputError({
    code: 'GROUP_UNKNOWN',
    field: 'options.record',
    found: describeValue(stranger),
    expected: `groups of the network: ${groups.map(({ name }) => name).join(', ')}`,
    ...suggestionFor(
      stranger,
      groups.map(({ name }) => name),
    ),
  })
}
