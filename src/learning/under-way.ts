/**
 * Maximum number of training steps, and so runs, in progress before the first of them is known to be good: while one
 * goes backward, the next one goes forward elsewhere.
 */
export const MOST_UNDER_WAY = 2
