import { readFile } from 'node:fs/promises'
import { replaceTable } from '../../pages/replace-table.js'
import { accuracyTable } from './accuracy-table.js'
import { costsTable, refusals } from './costs-table.js'
import { SUBJECTS, type SubjectStudy } from './study.js'

/** Where people read the study. */
export const CHIPS_PAGE = 'docs/chip-study.md'

/** The page with the tables of all subjects that have been measured. */
export async function withStudies(page: string, folder: string): Promise<string> {
  let text = page
  for (const subject of SUBJECTS) {
    const content = await readFile(`${folder}/chips-${subject}.json`, 'utf8').catch(() => null)
    if (content !== null) text = replaceTable(text, subject, sectionOf(JSON.parse(content) as SubjectStudy))
  }
  return text
}

function sectionOf({ text, trials, costs, accuracy }: SubjectStudy): string {
  const refused = refusals(costs)
  return [
    `${text}. ${trials === 1 ? 'One trial.' : `Means of ${trials} samples; a training step is of all of them.`}`,
    costsTable(costs, trials),
    ...(refused === '' ? [] : [`Not on\n\n${refused}`]),
    ...(accuracy === undefined ? [] : [`Accuracy on the test split, %:`, accuracyTable(accuracy)]),
  ].join('\n\n')
}
