import { entryOf } from '../events/by-name.js'

/** A field in which two records of texts differ; 'nothing' stands for a text that is missing. */
export interface Mismatch {
  readonly field: string
  readonly found: string
  readonly expected: string
}

type Texts = Readonly<Record<string, string>>

/** The first field in which two records differ, those of the expected one first; null if they are the same. */
export function firstMismatch(found: Texts, expected: Texts): Mismatch | null {
  const fields = new Set([...Object.keys(expected), ...Object.keys(found)])
  const field = [...fields].find((name) => entryOf(found, name) !== entryOf(expected, name))
  if (field === undefined) return null
  return { field, found: entryOf(found, field) ?? 'nothing', expected: entryOf(expected, field) ?? 'nothing' }
}

/** What a field is that its name does not tell, in front of what helps. */
export function explained(field: string, remedy: string): string {
  if (field !== 'chipPlacement') return remedy
  return `chipPlacement is a fingerprint of a placement on a chip with its latencies, nothing where they are no part of the run. ${remedy}`
}
