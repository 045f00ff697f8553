import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Mutant, type MutantList, patched } from './mutant.js'

/** What is wrong with a list over the sources below `root`, by id and file; empty for a list that can be run. */
export function faultsOfList(list: MutantList, root: string): readonly string[] {
  const partOf = new Map<string, string>()
  return Object.entries(list).flatMap(([part, mutants]) =>
    mutants.flatMap((mutant) => {
      const earlier = partOf.get(mutant.id)
      partOf.set(mutant.id, part)
      const equal = earlier === undefined ? [] : [`two mutants have this id, in ${earlier} and in ${part}`]
      return [...equal, ...faultsOf(mutant, part, root)].map((fault) => `${mutant.id}: ${fault}`)
    }),
  )
}

function faultsOf(mutant: Mutant, part: string, root: string): readonly string[] {
  const { id, why, file, tests } = mutant
  const faults = tests.filter((test) => !existsSync(join(root, test))).map((test) => `there is no ${test}`)
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) faults.push('expected an id of lower-case words with hyphens between them')
  if (why === '' || why.includes('\n')) faults.push('expected one line in "why"')
  if (tests.length === 0) faults.push('expected at least one path in "tests"')
  if (!file.startsWith(`src/${part}/`)) faults.push(`found the file ${file}, expected one below src/${part}`)
  if (!existsSync(join(root, file))) return [...faults, `does not apply: there is no ${file}`]
  const result = patched(readFileSync(join(root, file), 'utf8'), mutant)
  return 'fault' in result ? [...faults, `does not apply to ${file}: ${result.fault}`] : faults
}
