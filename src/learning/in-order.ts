/** Work that is done piece by piece; several pieces may be in progress. */
export interface Pieces<Outcome> {
  /** The pieces from … to - 1. */
  readonly from: number
  readonly to: number
  /** Maximum number of pieces in progress at once. */
  readonly most: number
  /** Whether no piece may be in progress when `finish` is called for the last of `count` pieces. */
  isStop(count: number): boolean
  /** @param ahead another piece is in progress */
  begin(piece: number, ahead: boolean): Promise<Outcome>
  /** Called in order. */
  finish(piece: number, outcome: Outcome): Promise<void>
}

/**
 * Begins the pieces in order and finishes them in order. The first one that fails ends it, once all pieces in progress have
 * settled; what was begun before it has been finished by then.
 */
export async function inOrder<Outcome>({ from, to, most, isStop, begin, finish }: Pieces<Outcome>): Promise<void> {
  const underWay: { readonly piece: number; readonly outcome: Promise<Outcome> }[] = []
  const finishFirst = async () => {
    const first = underWay[0]
    if (first === undefined) return
    const outcome = await first.outcome
    underWay.shift()
    await finish(first.piece, outcome)
  }
  try {
    for (let piece = from; piece < to; piece++) {
      const outcome = begin(piece, underWay.length > 0)
      // It may fail before it is awaited; that must not count as an unhandled rejection.
      outcome.catch(() => undefined)
      underWay.push({ piece, outcome })
      while (underWay.length >= most || (underWay.length > 0 && isStop(piece + 1))) await finishFirst()
    }
    while (underWay.length > 0) await finishFirst()
  } catch (error) {
    await Promise.allSettled(underWay.map(({ outcome }) => outcome))
    throw error
  }
}
