import { InternalError } from '../../events/errors.js'
import type { CreditReturn } from '../wire/credit-payload.js'

/** The windows of each stream that may still be sent. */
export interface SendCredits {
  left(stream: number): number
  /** @throws InternalError when none is left */
  spend(stream: number): void
  /** Whether it had been 0; null if more came back than was spent. */
  returned(entry: CreditReturn): { readonly isReopened: boolean } | null
}

export function createSendCredits(windows: number): SendCredits {
  const spent = new Map<number, number>()
  const left = (stream: number) => windows - (spent.get(stream) ?? 0)
  return {
    left,
    spend(stream) {
      if (left(stream) < 1) throw new InternalError(`Spikes were sent on stream ${stream} without a credit.`)
      spent.set(stream, (spent.get(stream) ?? 0) + 1)
    },
    returned({ stream, windows: count }) {
      const outstanding = spent.get(stream) ?? 0
      if (count < 1 || count > outstanding) return null
      spent.set(stream, outstanding - count)
      return { isReopened: outstanding === windows }
    },
  }
}

/** The windows of each stream that have come and are to be given back. */
export interface ReceiveCredits {
  /** Whether the peer had a credit for it. */
  take(stream: number): boolean
  /**
   * Gives one window back, later.
   *
   * @returns whether half of all windows wait to be reported: with fewer, the peer has enough credits left to continue,
   * and
   *   they are not worth a frame
   * @throws InternalError when none was taken
   */
  release(stream: number): boolean
  /** The credits to be reported, of at most `most` streams; from then on they count as reported. */
  due(most: number): CreditReturn[]
}

export function createReceiveCredits(windows: number): ReceiveCredits {
  const taken = new Map<number, number>()
  const released = new Map<number, number>()
  const hurry = Math.floor(windows / 2)
  return {
    take(stream) {
      const outstanding = (taken.get(stream) ?? 0) + 1
      if (outstanding > windows) return false
      taken.set(stream, outstanding)
      return true
    },
    release(stream) {
      const count = (released.get(stream) ?? 0) + 1
      if (count > (taken.get(stream) ?? 0))
        throw new InternalError(`A window of stream ${stream} was given back that had not come.`)
      released.set(stream, count)
      return count >= hurry
    },
    due(most) {
      const returns: CreditReturn[] = []
      for (const [stream, count] of released) {
        if (returns.length === most) break
        returns.push({ stream, windows: count })
        released.delete(stream)
        taken.set(stream, (taken.get(stream) ?? 0) - count)
      }
      return returns
    },
  }
}
