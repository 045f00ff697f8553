import type { Figure } from '../suite.js'

/** A figure as lines of JSON, one per rival; ratios are the figure over its rival. */
export function jsonLines(suite: string, { name, value, unit, against, counts = {} }: Figure): string {
  const figure = { benchmark: `${suite}: ${name}`, value, unit }
  const compared = against.map((rival) => ({
    ...figure,
    ...{ rival: rival.name, ratio: value / rival.value, rivalValue: rival.value, counts },
  }))
  const lines = compared.length > 0 ? compared : [{ ...figure, rival: null, ratio: null, rivalValue: null, counts }]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}
