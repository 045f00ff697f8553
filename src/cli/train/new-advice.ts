import type { EpochRecord } from './epoch-record.js'

/** Picks the advice of an epoch that the one before did not get: continuing advice is given once, whatever its numbers do. */
export function createNewAdvice(): (record: Pick<EpochRecord, 'advice'>) => readonly string[] {
  let before: ReadonlySet<string> = new Set()
  return ({ advice = [] }) => {
    const said = before
    before = new Set(advice.map(withoutNumbers))
    return advice.filter((sentence) => !said.has(withoutNumbers(sentence)))
  }
}

function withoutNumbers(sentence: string): string {
  return sentence.replace(/[\d.]+/g, '#')
}
