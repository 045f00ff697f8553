import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import type { YamlSpot } from './yaml-spot.js'

/** How many of something a name such as `tile[0..31]` stands for; one without a range. */
export function countOf(name: YamlSpot): number {
  const text = name.text()
  if (!text.includes('..')) return 1
  const [, first, last] = /^[^[\]]*\[(\d+)\.\.(\d+)\]$/.exec(text) ?? []
  const count = Number(last) - Number(first) + 1
  if (count >= 1 && Number.isSafeInteger(count)) return count
  throw new InputError({
    code: 'ARCHITECTURE_RANGE',
    field: name.place,
    found: describeValue(text),
    expected: 'a name with a range of whole numbers, the smaller one first, such as tile[0..31]',
  })
}
