/** Spikes of all groups that a segment should not exceed by much. */
const MOST_SPIKES = 200_000
/** In ms. Long ones save nothing, but arrivals of spikes that sources emit would queue up. */
const FIRST = 8
const SHORTEST = 1
const LONGEST = 32

/** How long segments are when the user does not say, in ms; powers of two. */
export interface SegmentLength {
  readonly value: number
  /** Takes the number of spikes in a segment of the present length. */
  seen(spikes: number): void
}

/** A length that halves after a crowded segment and doubles after an empty one: a function of the run alone. */
export function adaptiveLength(first = FIRST): SegmentLength {
  let value = first
  return {
    get value() {
      return value
    },
    seen(spikes) {
      if (spikes > MOST_SPIKES) value = Math.max(SHORTEST, value / 2)
      else if (spikes < MOST_SPIKES / 4) value = Math.min(LONGEST, value * 2)
    },
  }
}

export function fixedLength(value: number): SegmentLength {
  return { value, seen: () => undefined }
}
