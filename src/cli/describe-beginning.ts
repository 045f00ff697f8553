import type { FoundCheckpoint } from '../storage/checkpoint/checkpoint-folder.js'

/**
 * Says where a run that is resumed begins, and which checkpoints it had to pass over.
 *
 * @param done what the checkpoint says is done, as a clause
 */
export function describeBeginning(
  path: string,
  found: FoundCheckpoint | null,
  done: (body: unknown) => string,
): string {
  if (found === null) return `there is no checkpoint in ${path} yet; starts anew.`
  const passedOver = found.damaged.map(({ file, found: what }) => `passed over ${file}: ${what}.\n`)
  return `${passedOver.join('')}goes on from ${found.file}: ${done(found.checkpoint.body)}.`
}
