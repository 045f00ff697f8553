import { suggestionFor } from '../src/network/reading/nearest-name.js'
import type { Mutant, MutantList } from './mutant.js'

/** The mutants of some parts or with some ids, in the order of the list; all of them where none is named. */
export function chooseMutants(list: MutantList, names: readonly string[]): readonly Mutant[] {
  const all = Object.values(list).flat()
  const ids = all.map(({ id }) => id)
  const parts = Object.keys(list)
  for (const name of names) {
    if (parts.includes(name) || ids.includes(name)) continue
    const { remedy = 'See --list.' } = suggestionFor(name, [...parts, ...ids])
    throw new Error(`found "${name}", expected an id or one of the parts ${parts.join(', ')}. ${remedy}`)
  }
  const isChosen = (part: string, { id }: Mutant) => names.length === 0 || names.includes(part) || names.includes(id)
  return Object.entries(list).flatMap(([part, mutants]) => mutants.filter((mutant) => isChosen(part, mutant)))
}
