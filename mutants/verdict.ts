/** What came of a mutant, with the seconds that its tests took. */
export type Verdict =
  | { readonly outcome: 'found'; readonly test: string; readonly file: string; readonly seconds: number }
  | { readonly outcome: 'survived'; readonly seconds: number }
  /** Its tests did not end within the limit: not found. */
  | { readonly outcome: 'timed out'; readonly seconds: number }
  /** It does not apply, does not build, or its tests fail without it. */
  | { readonly outcome: 'error'; readonly message: string }
