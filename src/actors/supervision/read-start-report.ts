import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { nullOr, type Reader, readString, valueThat, wordOf } from '../../network/reading/read-value.js'
import { formOf, variantOf } from '../../network/reading/read-variant.js'
import { readErrorRecord } from '../../streams/read-error-record.js'
import type { ListenerAddress } from './cluster-spec.js'
import type { StartReport } from './start-messages.js'

const readUrl: Reader<string> = (value, field) => {
  const text = readString(value, field)
  if (URL.canParse(text)) return text
  throw new InputError({ code: 'OPTION_OUT_OF_RANGE', field, found: describeValue(text), expected: 'an address' })
}

/** Where a process listens, as another one tells. */
export const readListenerAddress: Reader<ListenerAddress> = formOf<ListenerAddress>({
  url: readUrl,
  security: nullOr(wordOf(['psk', 'certificate'] as const)),
})

/**
 * What a partition tells of its own accord. Raises `InputError` that names the field.
 *
 * @param neighbours the cores that it is linked to
 */
export function startReportReader(neighbours: readonly number[]): Reader<StartReport> {
  const readPeer = valueThat<number>({
    code: 'OPTION_OUT_OF_RANGE',
    expected: `a core that it is linked to: ${neighbours.join(', ') || 'there is none'}`,
    holds: (peer) => neighbours.some((core) => core === peer),
  })
  return variantOf<StartReport, 'type'>(
    'type',
    {
      listening: { address: nullOr(readListenerAddress) },
      loading: { module: nullOr(readString) },
      ready: {},
      refused: { error: readErrorRecord },
      linkBroke: { peer: readPeer, error: readErrorRecord },
    },
    { code: 'OPTION_OUT_OF_RANGE' },
  )
}
