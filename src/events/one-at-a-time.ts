/** Work that is done piece by piece. */
export interface OneAtATime {
  /** Starts work when all that was given before has ended, and returns its outcome; a failure does not stop what comes next. */
  inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result>
  /** Resolves when all that has been given so far has ended. */
  ended(): Promise<void>
}

export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve()
  return {
    inTurn(work) {
      const next = last.then(work)
      last = next.catch(() => undefined)
      return next
    },
    async ended() {
      await last
    },
  }
}
