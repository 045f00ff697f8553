import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { faultsOfList } from '../../mutants/check-list.js'
import { chooseMutants } from '../../mutants/choose-mutants.js'
import { MUTANTS } from '../../mutants/list/index.js'
import type { Mutant } from '../../mutants/mutant.js'
import { PARTS } from '../support/layers.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTree } from './write-tree.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('every mutant applies to the sources as they are, and its tests exist', () => {
  expect(faultsOfList(MUTANTS, ROOT)).toEqual([])
})

test('there are at least a hundred over all parts, at least half of them in dynamics and actors', () => {
  expect(Object.keys(MUTANTS)).toEqual([...PARTS])
  expect(Object.values(MUTANTS).flat().length).toBeGreaterThanOrEqual(100)
  expect((MUTANTS.dynamics?.length ?? 0) + (MUTANTS.actors?.length ?? 0)).toBeGreaterThanOrEqual(50)
  expect(Object.values(MUTANTS).filter((mutants) => mutants.length === 0)).toEqual([])
})

const SOUND: Mutant = {
  id: 'less-for-most',
  why: 'the end is left out',
  file: 'src/data/a.ts',
  find: 'a <= b',
  replace: 'a < b',
  tests: ['test/data/a.test.ts'],
}

test.each<[string, readonly Mutant[], RegExp | null]>([
  ['a sound list', [SOUND], null],
  ['equal ids', [SOUND, SOUND], /^less-for-most: two mutants have this id, in data and in data$/],
  ['a patch of nothing', [{ ...SOUND, find: 'a >= b' }], /src\/data\/a\.ts: "find" occurs 0 times, expected once/],
  ['a patch of several places', [{ ...SOUND, find: 'b' }], /src\/data\/a\.ts: "find" occurs 2 times, expected once/],
  ['a patch that changes nothing', [{ ...SOUND, replace: 'a <= b' }], /"replace" is the same as "find"/],
  ['a file that is gone', [{ ...SOUND, file: 'src/data/b.ts' }], /does not apply: there is no src\/data\/b\.ts/],
  ['a file of another part', [{ ...SOUND, file: 'src/cli/a.ts' }], /src\/cli\/a\.ts, expected one below src\/data/],
  ['a test that is gone', [{ ...SOUND, tests: ['test/b.test.ts'] }], /there is no test\/b\.test\.ts/],
  ['no test', [{ ...SOUND, tests: [] }], /at least one path in "tests"/],
  ['an id of other letters', [{ ...SOUND, id: 'Less' }], /^Less: expected an id of lower-case words/],
])('%s: what is wrong is named', async (_, mutants, fault) => {
  await using folder = await temporaryFolder()
  const files = { 'src/data/a.ts': 'a <= b\nb\n', 'src/cli/a.ts': 'a <= b', 'test/data/a.test.ts': '' }
  writeTree(folder.path, { ...files, 'src/data/a.ts': 'a <= b // b' })
  const faults = faultsOfList({ data: mutants }, folder.path)
  expect(faults).toHaveLength(fault === null ? 0 : 1)
  if (fault !== null) expect(faults[0]).toMatch(fault)
})

test('mutants are chosen by part and by id; what is neither is named beside the parts', () => {
  const list = { data: [SOUND, { ...SOUND, id: 'other' }], cli: [{ ...SOUND, id: 'third' }] }
  const ids = (...names: string[]) => chooseMutants(list, names).map(({ id }) => id)
  expect(ids()).toEqual(['less-for-most', 'other', 'third'])
  expect(ids('data')).toEqual(['less-for-most', 'other'])
  expect(ids('third', 'other')).toEqual(['other', 'third'])
  expect(() => ids('datum')).toThrow('found "datum", expected an id or one of the parts data, cli.')
  expect(() => ids('less-for-mots')).toThrow('Did you mean "less-for-most"?')
})
