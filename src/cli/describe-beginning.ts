import type { FoundCheckpoint } from '../storage/checkpoint/checkpoint-store.js'

/**
 * Says where a run that is resumed begins, and which checkpoints it had to pass over, a line each.
 *
 * @param done what the checkpoint says is done, as a clause
 */
export function describeBeginning(
  place: string,
  found: FoundCheckpoint | null,
  done: (body: unknown) => string,
): readonly string[] {
  if (found === null) return [`there is no checkpoint in ${place} yet; starts from the beginning.`]
  const passedOver = found.damaged.map(({ place, found: what }) => `passed over ${place}: ${what}.`)
  return [...passedOver, `continues from ${found.place}: ${done(found.checkpoint.body)}.`]
}
