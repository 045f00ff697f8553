import { type ErrorRecord, recordOfError } from '../events/error-record.js'
import { RunError } from '../events/errors.js'
import { reviveError } from '../streams/revive-error.js'
import type { JsonValue } from './json-value.js'

/** What is requested. A request keeps its id however often it is sent. */
export interface Request {
  readonly id: string
  readonly body: JsonValue
}

export function writeRequest(request: Request): string {
  return JSON.stringify(request)
}

/** @throws RunError RENDEZVOUS_MALFORMED */
export function readRequest(subject: string, text: string): Request {
  const { id, body } = fieldsOf(text)
  if (typeof id !== 'string' || id.length > 100 || body === undefined) throw malformed(subject, 'request')
  return { id, body: body as JsonValue }
}

export function writeReply(body: JsonValue): string {
  return JSON.stringify({ body })
}

export function writeError(error: unknown): string {
  return JSON.stringify({ error: recordOfError(error) })
}

/** Raises the error that the reply tells of, or RunError RENDEZVOUS_MALFORMED. */
export function readReply(subject: string, text: string): JsonValue {
  const { body, error } = fieldsOf(text)
  if (error !== undefined) throw reviveError(error as ErrorRecord)
  if (body === undefined) throw malformed(subject, 'reply')
  return body as JsonValue
}

/** Null for an error, and for what cannot be read. */
export function bodyOf(text: string): { readonly body: JsonValue } | null {
  const { body } = fieldsOf(text)
  return body === undefined ? null : { body: body as JsonValue }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function malformed(subject: string, what: 'request' | 'reply'): RunError {
  return new RunError({
    code: 'RENDEZVOUS_MALFORMED',
    message: `What came as a ${what} at ${subject} is none.`,
    details: { subject },
    remedy: 'Use the same version of antidrome everywhere, and subjects that no other software uses.',
  })
}
