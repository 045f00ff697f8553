/** Something that is done again and again. */
export interface Repetition {
  /** Does it once more, when what is under way is through, and then no more; resolves when that is done, also if asked again. */
  end(): Promise<void>
}

/**
 * Does something every so many ms, unless the last time is still under way.
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
