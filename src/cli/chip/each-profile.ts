import { InputError } from '../../events/errors.js'
import type { ChipProfile } from '../../hardware/profile/chip-profile.js'
import { inTermsOfFlags } from '../in-terms-of-flags.js'
import { ownLines, type Shown } from '../shown.js'

/** What was done for a chip, or why it could not be. */
export type Outcome<Result> =
  | { readonly profile: string; readonly result: Result }
  | { readonly profile: string; readonly reason: string }

/** What `--help` says of it. */
export const SEVERAL_CHIPS =
  'Of several chips, those for which it cannot be done are reported with the reason; it is an error only if it can be done for none.'

/**
 * Does something for each chip, in their order.
 *
 * Raises what was wrong with the first if it can be done for none; whatever is no `InputError` at once.
 */
export async function eachProfile<Result>(
  profiles: readonly ChipProfile[],
  work: (profile: ChipProfile) => Promise<Result>,
): Promise<readonly Outcome<Result>[]> {
  const outcomes: Outcome<Result>[] = []
  let first: unknown = null
  for (const profile of profiles)
    try {
      outcomes.push({ profile: profile.name, result: await work(profile) })
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      first ??= error
      outcomes.push({ profile: profile.name, reason: inTermsOfFlags(error).message })
    }
  if (outcomes.every((outcome) => 'reason' in outcome)) throw first
  return outcomes
}

export function resultsOf<Result>(outcomes: readonly Outcome<Result>[]): readonly Result[] {
  return outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []))
}

/** A paragraph for each chip for which it could not be done. */
export function refusalsOf(outcomes: readonly Outcome<unknown>[]): Shown {
  const reasons = outcomes.flatMap((outcome) =>
    'reason' in outcome ? [`\n${outcome.profile}: ${outcome.reason}\n`] : [],
  )
  return ownLines(reasons.join(''))
}
