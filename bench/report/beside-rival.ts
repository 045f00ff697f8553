import type { Rival } from '../suite.js'
import { rounded } from './rounded.js'

/** The ratio of a figure over a rival, with its range if there is one, such as `1.2 (1.1 to 1.3) x 1 thread (800)`. */
export function besideRival(value: number, { name, value: rival, range }: Rival, times: 'x' | '×'): string {
  const spread = range === undefined ? '' : ` (${rounded(range[0])} to ${rounded(range[1])})`
  return `${rounded(value / rival)}${spread} ${times} ${name} (${rounded(rival)})`
}
