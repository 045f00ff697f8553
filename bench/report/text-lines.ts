import type { Finding } from '../suite.js'
import { besideRival } from './beside-rival.js'
import { rounded } from './rounded.js'
import { unitWords } from './unit-words.js'

const NAME_WIDTH = 64
const FIGURE_WIDTH = 28

/** A finding for people: name, figure, then one line per rival; ratios are the figure over its rival. */
export function textLines(finding: Finding): string {
  if ('note' in finding) return `  (${finding.note})`
  const { name, value, unit, against, counts = {} } = finding
  const compared = against.map((rival) => besideRival(value, rival, 'x'))
  const counted = Object.entries(counts).map(([what, count]) => `${rounded(count)} ${what}`)
  const right = [...compared, ...(counted.length > 0 ? [`[${counted.join(', ')}]`] : [])]
  const left = `  ${column(name, NAME_WIDTH)}${column(`${rounded(value)} ${unitWords(unit)}`, FIGURE_WIDTH)}`
  const margin = ' '.repeat(left.length)
  return right.map((text, line) => `${line === 0 ? left : margin}${text}`).join('\n') || left.trimEnd()
}

/** A text in a column, with a space behind it where it is too long. */
function column(text: string, width: number): string {
  return `${text} `.padEnd(width)
}
