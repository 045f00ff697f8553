/** One thing antidrome relies on, and what was found. */
export interface SelfCheck {
  readonly check: string
  readonly ok: boolean
  readonly found: string
  readonly expected: string
  /** What to do, where it is not as expected. */
  readonly remedy?: string
}
