import { describeValue } from './describe-value.js'

/** What the code of a user has thrown, for an error that tells of it: what it says of itself, or what it is. */
export function describeThrown(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : describeValue(thrown)
}
