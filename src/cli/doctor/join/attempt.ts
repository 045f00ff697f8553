import { AntidromeError, InputError, RunError } from '../../../events/errors.js'
import type { SelfCheck } from '../self-check.js'

export type Attempt<Result> = { readonly result: Result } | { readonly failure: SelfCheck }

/** Tries something that may raise an error of ours, which is what was found then. */
export async function attempt<Result>(
  check: string,
  expected: string,
  task: () => Promise<Result>,
): Promise<Attempt<Result>> {
  try {
    return { result: await task() }
  } catch (error) {
    if (error instanceof AntidromeError) return { failure: failedCheck(check, expected, error) }
    throw error
  }
}

function failedCheck(check: string, expected: string, error: AntidromeError): SelfCheck {
  if (error instanceof InputError) {
    const { mistake, code } = error
    const { remedy } = mistake
    const found = `${code}: ${mistake.found}`
    return { check, ok: false, found, expected: mistake.expected, ...(remedy === undefined ? {} : { remedy }) }
  }
  const remedy = error instanceof RunError ? error.remedy : null
  const words = remedy === null ? error.message : error.message.slice(0, -remedy.length).trimEnd()
  return { check, ok: false, found: `${error.code}: ${words}`, expected, ...(remedy === null ? {} : { remedy }) }
}

/** As a check, with what is to be said of the result. */
export async function tried(check: string, expected: string, task: () => Promise<string>): Promise<SelfCheck> {
  const made = await attempt(check, expected, task)
  return 'failure' in made ? made.failure : { check, ok: true, found: made.result, expected }
}
