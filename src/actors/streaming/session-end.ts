/** Tells streams, which may be waiting for a live source, that there will be no session any more. */
export interface SessionEnd {
  /** Calls the listener once, with the reason; at once if it has come already. What is returned takes it off the list. */
  onEnd(listener: (reason: Error) => void): () => void
  /** The first reason counts. */
  end(reason: Error): void
}

export function createSessionEnd(): SessionEnd {
  const listeners = new Set<(reason: Error) => void>()
  let reason: Error | null = null
  return {
    onEnd(listener) {
      if (reason === null) listeners.add(listener)
      else listener(reason)
      return () => void listeners.delete(listener)
    },
    end(given) {
      reason ??= given
      const present = [...listeners]
      listeners.clear()
      for (const listener of present) listener(reason)
    },
  }
}
