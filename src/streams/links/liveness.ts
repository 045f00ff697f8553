import type { Clock } from '../clock.js'
import type { LinkLimits } from './link-limits.js'

/** What happens with time. */
export interface LivenessEvents {
  /** Nothing has been sent for too long. */
  quiet(): void
  /** The peer has not agreed in time. */
  late(): void
  /** The peer has not been heard for too long. */
  silent(): void
}

/** Watches over both directions of a link. */
export interface Liveness {
  /** For how long the peer has not been heard, in ms, as far as this side could have heard it. */
  readonly unheard: number
  /** From now on the peer hears this side. */
  open(): void
  /** From now on the peer must be heard. */
  watch(): void
  heard(): void
  sent(): void
  /** Tells at once if nothing has been sent for too long. */
  beat(): void
  stop(): void
}

/**
 * The peer's silence is counted in ticks, never read from the clock: while this side's event loop stands still, no tick
 * counts, and the one that comes when it moves again precedes the frames that wait.
 */
export function createLiveness(clock: Clock, limits: LinkLimits, events: LivenessEvents): Liveness {
  const { heartbeat, silence, patience } = limits
  const tick = heartbeat / 2
  const mostQuiet = Math.ceil(silence / tick)
  const mostPatient = Math.ceil(patience / tick)
  let isOpen = false
  let isWatching = false
  let unheard = 0
  let lastSent = clock.now()
  const beat = () => {
    if (isOpen && clock.now() - lastSent >= heartbeat) events.quiet()
  }
  const stop = clock.every(tick, () => {
    unheard++
    if (!isOpen) {
      if (unheard > mostPatient) events.late()
      return
    }
    beat()
    if (isWatching && unheard > mostQuiet) events.silent()
  })
  return {
    get unheard() {
      return unheard * tick
    },
    open() {
      isOpen = true
      unheard = 0
    },
    watch() {
      if (isWatching) return
      isWatching = true
      unheard = 0
    },
    heard() {
      // Before both sides agree, talking alone wins no time.
      if (isOpen) unheard = 0
    },
    sent() {
      lastSent = clock.now()
    },
    beat,
    stop,
  }
}
