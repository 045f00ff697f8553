/** Something that is done again and again. */
export interface Repetition {
  /** Runs it once more after the running call, and then no more; resolves when that is done, also if called again. */
  end(): Promise<void>
}

/**
 * Calls a function at a fixed interval in ms, unless the last call is still running.
 *
 * @param work never rejects
 */
export function repeatedly(pause: number, work: () => Promise<void>): Repetition {
  let underWay: Promise<void> | null = null
  const timer = setInterval(() => {
    underWay ??= work().then(() => {
      underWay = null
    })
  }, pause)

  async function finish(): Promise<void> {
    clearInterval(timer)
    await underWay
    await work()
  }

  let ending: Promise<void> | null = null
  return {
    end() {
      ending ??= finish()
      return ending
    },
  }
}
