import { type ErrorRecord, errorOfRecord } from '../events/error-record.js'
import { InternalError } from '../events/errors.js'
import { oneLine } from '../events/printable.js'
import { LINK_ERROR_CODES, LinkError, type LinkErrorCode } from './link-error.js'

/**
 * The error that a record from another process describes, of the class it had there.
 *
 * An invalid record becomes an `InternalError`: its sender is at fault, but there is an error to report.
 */
export function reviveError(record: ErrorRecord): Error {
  try {
    return record.name === 'LinkError' && isLinkErrorCode(record.code) ? linkError(record) : errorOfRecord(record)
  } catch {
    return new InternalError('Another process sent an error record that cannot be read.')
  }
}

function linkError({ code, message, details, remedy, cause }: ErrorRecord): LinkError {
  const { link = '', peer = '', watermark, stream = '' } = details
  const error = new LinkError({
    code: code as LinkErrorCode,
    link: String(link),
    peer: String(peer),
    what: '',
    watermark: watermark === undefined ? null : { stream: String(stream), end: Number(watermark) },
    ...(remedy === undefined ? {} : { remedy }),
    ...(cause === null ? {} : { cause: new Error(oneLine(cause)) }),
  })
  // Its words are already complete.
  error.message = oneLine(message)
  return error
}

function isLinkErrorCode(code: string): code is LinkErrorCode {
  return (LINK_ERROR_CODES as readonly string[]).includes(code)
}
