import { RunError } from '../events/errors.js'

export function noReply(subject: string, tries: number, cause?: unknown): RunError {
  return new RunError({
    code: 'RENDEZVOUS_NO_ANSWER',
    message: `No answer at ${subject} after ${tries === 1 ? 'one request' : `${tries} requests`}.`,
    details: { subject, tries },
    remedy: 'See whether the server and the process that should answer are running and reach each other.',
    cause,
  })
}

export function denied(operation: 'publish' | 'subscribe', subject: string, cause?: unknown): RunError {
  return new RunError({
    code: 'RENDEZVOUS_DENIED',
    message: `The server does not let this user ${operation} ${operation === 'publish' ? 'at' : 'to'} ${subject}.`,
    details: { subject, operation },
    remedy: 'Give the user this right in the configuration of the server, or join as another one.',
    cause,
  })
}

export function closed(cause?: unknown): RunError {
  return new RunError({ code: 'RENDEZVOUS_CLOSED', message: 'The connection to the rendezvous is closed.', cause })
}

export function tooLarge(subject: string, bytes: number, most: number): RunError {
  return new RunError({
    code: 'RENDEZVOUS_TOO_LARGE',
    message: `A message of ${bytes} bytes for ${subject} is longer than the ${most} that the server takes.`,
    details: { subject, bytes, most },
  })
}

/** A failure of a bucket; `what` is a sentence. */
export function storeFailure(failure: {
  readonly code: string
  readonly what: string
  readonly bucket: string
  readonly details?: Record<string, string | number>
  readonly remedy?: string
  readonly cause?: unknown
}): RunError {
  const { code, what, bucket, details = {}, remedy, cause } = failure
  return new RunError({
    code,
    message: what,
    details: { bucket, ...details },
    ...(remedy === undefined ? {} : { remedy }),
    cause,
  })
}

export function storeUnreachable(bucket: string, cause?: unknown): RunError {
  const what = `The bucket ${bucket} cannot be reached.`
  return storeFailure({ code: 'STORE_UNREACHABLE', what, bucket, cause, remedy: 'See whether the server is running.' })
}

export function storeFull(bucket: string, name: string, cause?: unknown): RunError {
  const remedy = 'Remove objects, or have its operator give it more room.'
  const what = `There is no room for ${name} in the bucket ${bucket}.`
  return storeFailure({ code: 'STORE_FULL', what, bucket, details: { object: name }, remedy, cause })
}

export function objectExists(bucket: string, name: string): RunError {
  const what = `The bucket ${bucket} has an object ${name} already.`
  return storeFailure({ code: 'OBJECT_EXISTS', what, bucket, details: { object: name } })
}

export function objectMissing(bucket: string, name: string): RunError {
  const what = `The bucket ${bucket} has no object ${name}.`
  return storeFailure({ code: 'OBJECT_MISSING', what, bucket, details: { object: name } })
}

export function objectDamaged(bucket: string, name: string, how: string, cause?: unknown): RunError {
  const what = `The object ${name} in the bucket ${bucket} is damaged: ${how}.`
  return storeFailure({ code: 'OBJECT_DAMAGED', what, bucket, details: { object: name }, cause })
}

export function objectTooLarge(bucket: string, name: string, bytes: number, most: number): RunError {
  const what = `The object ${name} of ${bytes} bytes is larger than the ${most} that one in a bucket may have.`
  return storeFailure({ code: 'OBJECT_TOO_LARGE', what, bucket, details: { object: name, bytes, most } })
}

export function bucketMissing(bucket: string, server: string): RunError {
  const what = `The server ${server} has no bucket ${bucket}.`
  const remedy =
    'Have its operator make it, as with antidrome doctor --make-bucket NAME --bucket-size BYTES; a run never makes one.'
  return storeFailure({ code: 'BUCKET_MISSING', what, bucket, details: { server }, remedy })
}

export function bucketExists(bucket: string, server: string): RunError {
  const what = `The server ${server} has a bucket ${bucket} already.`
  return storeFailure({ code: 'BUCKET_EXISTS', what, bucket, details: { server }, remedy: 'Use it, or choose a name.' })
}
