import type { ClusterSession, CoreTraffic } from '../../actors/open-cluster.js'

/** In seconds. */
const LEAST_PAUSE = 1

/** Asks the cores now and then what went over their links. */
export interface LinkWatch {
  /** Asks unless it has only just done so, and does not wait for the reply. */
  glance(): void
  /** Asks in any case, and waits for the reply. */
  look(): Promise<void>
}

/**
 * Creates a watch over the links of a session; one without links is never asked.
 *
 * @param seconds a clock with any origin
 */
export function watchLinks(
  session: Pick<ClusterSession, 'workers' | 'traffic'>,
  show: (traffic: readonly CoreTraffic[]) => void,
  seconds: () => number,
): LinkWatch {
  let isAsking = false
  let asked = seconds()
  async function look(): Promise<void> {
    if (session.workers.length > 1) show(await session.traffic())
  }
  return {
    look,
    glance() {
      if (isAsking || seconds() - asked < LEAST_PAUSE) return
      isAsking = true
      // A core that does not reply is noticed where its results are awaited, so errors are ignored here.
      void look()
        .catch(() => undefined)
        .finally(() => {
          isAsking = false
          asked = seconds()
        })
    },
  }
}
