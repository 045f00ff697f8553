import type { Finding } from '../suite.js'

/** A finding as one line of JSON; ratios are the figure over its rival. */
export function jsonLine(suite: string, finding: Finding): string {
  if ('note' in finding) return JSON.stringify({ suite, note: finding.note })
  const { name, value, unit, against, counts = {} } = finding
  const compared = against.map((rival) => ({ ...rival, ratio: value / rival.value }))
  return JSON.stringify({ suite, name, value, unit, against: compared, counts })
}
