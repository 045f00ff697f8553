import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/network.js'

/** Raises `InputError` GROUP_UNKNOWN for a name to record that no group has. */
export function checkRecord({ groups }: Network, names: readonly string[]): void {
  const stranger = names.find((name) => !groups.some((group) => group.name === name))
  if (stranger === undefined) return
  throw new InputError({
    code: 'GROUP_UNKNOWN',
    field: 'options.record',
    found: `"${stranger}"`,
    expected: `groups of the network: ${groups.map(({ name }) => name).join(', ')}`,
  })
}
