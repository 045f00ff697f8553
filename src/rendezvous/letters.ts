import { type ErrorRecord, recordOfError } from '../events/error-record.js'
import { RunError } from '../events/errors.js'
import { reviveError } from '../streams/revive-error.js'
import type { JsonValue } from './json-value.js'

/** What is asked. The id is that of the question however often it is asked. */
export interface Question {
  readonly id: string
  readonly body: JsonValue
}

export function writeQuestion(question: Question): string {
  return JSON.stringify(question)
}

/** @throws RunError RENDEZVOUS_MALFORMED */
export function readQuestion(subject: string, text: string): Question {
  const { id, body } = fieldsOf(text)
  if (typeof id !== 'string' || id.length > 100 || body === undefined) throw malformed(subject, 'question')
  return { id, body: body as JsonValue }
}

export function writeAnswer(body: JsonValue): string {
  return JSON.stringify({ body })
}

export function writeError(error: unknown): string {
  return JSON.stringify({ error: recordOfError(error) })
}

/** Raises the error that was answered, or RunError RENDEZVOUS_MALFORMED. */
export function readAnswer(subject: string, text: string): JsonValue {
  const { body, error } = fieldsOf(text)
  if (error !== undefined) throw reviveError(error as ErrorRecord)
  if (body === undefined) throw malformed(subject, 'answer')
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

function malformed(subject: string, what: 'question' | 'answer'): RunError {
  return new RunError({
    code: 'RENDEZVOUS_MALFORMED',
    message: `What came as ${what === 'answer' ? 'an answer' : 'a question'} at ${subject} is none.`,
    details: { subject },
    remedy: 'Use the same version of antidrome everywhere, and subjects that nobody else uses.',
  })
}
