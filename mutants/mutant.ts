/** A mistake that can be planted: a patch of one source, and the tests that may see it. */
export interface Mutant {
  /** Stays with the mistake when a refactoring moves it. */
  readonly id: string
  /** What is wrong with the mistake in place. */
  readonly why: string
  /** Below the root of the repository. */
  readonly file: string
  /** Occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** Files and folders of tests: the first runs alone, the others together if it passes. */
  readonly tests: readonly string[]
  /** Whether the tests run what is built; dist is then built with the mistake. */
  readonly bundle?: true
}

/** By part of the sources: the folder below src. */
export type MutantList = Readonly<Record<string, readonly Mutant[]>>

/** The text of a source with the mistake of a mutant, or why the patch does not apply. */
export function patched(
  text: string,
  { find, replace }: Mutant,
): { readonly text: string } | { readonly fault: string } {
  const places = find === '' ? 0 : text.split(find).length - 1
  if (places !== 1) return { fault: `"find" occurs ${places} times, expected once` }
  if (find === replace) return { fault: '"replace" is the same as "find"' }
  // Not by a pattern: $ has no meaning in a source.
  return { text: text.split(find).join(replace) }
}
