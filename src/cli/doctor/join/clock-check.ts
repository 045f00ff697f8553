import type { SelfCheck } from '../self-check.js'

/** Clocks may differ by this many ms: certificates and credentials begin and end by them. */
const MOST_SKEW = 60_000

/**
 * Compares the clock of another machine with ours.
 *
 * @param clock in ms since 1970, reported at some moment of the span
 * @param span of our own clock
 */
export function checkClock(
  whose: string,
  clock: number,
  { from, to }: { readonly from: number; readonly to: number },
): SelfCheck {
  const skew = clock < from ? clock - from : Math.max(0, clock - to)
  const ok = Math.abs(skew) <= MOST_SKEW
  const check = `clock of ${whose}`
  const expected = 'that of this machine, to within a minute'
  if (ok) return { check, ok, found: `${(Math.abs(skew) / 1000).toFixed(1)} s from ours`, expected }
  const found = `${durationInWords(Math.abs(skew))} ${skew < 0 ? 'behind' : 'ahead'}: ${new Date(clock).toISOString()} there, ${new Date(to).toISOString()} here`
  return { check, ok, found, expected, remedy: 'Set both by NTP: certificates and credentials are judged by them.' }
}

function durationInWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} min`
  const hours = Math.round(ms / 3_600_000)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
}
