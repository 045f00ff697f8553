import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { suggestionFor } from '../network/reading/nearest-name.js'
import { readList } from '../network/reading/read-list.js'

/** Raises `InputError` GROUP_UNKNOWN for a name to record that no group has, FIELD_TYPE for what is no list. */
export function requireRecordedGroups({ groups }: Network, names: readonly string[]): void {
  const stranger = readList(names, 'options.record').find((name) => !groups.some((group) => group.name === name))
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
