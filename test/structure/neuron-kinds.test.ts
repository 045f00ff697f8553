import { expect, test } from 'vitest'
import { readSourceTree } from '../support/source-tree.js'

/** A kind of neuron that is compared with, or a case of a switch. */
const COMPARED = /(?:[!=]== *|\bcase )'(?:lif|li)'/

/** What asks for a model by its name, but for the rooms of the models themselves. */
function comparing(files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  return files
    .filter(({ path, text }) => !/^(network|dynamics)\/models\//.test(path) && COMPARED.test(text))
    .map(({ path }) => path)
    .sort()
}

test('which neurons fire is asked of their model, but where a user chooses one', () => {
  const files = readSourceTree(new URL('../../src/', import.meta.url)).filter(({ path }) => path.endsWith('.ts'))
  expect(comparing(files)).toEqual([
    'data/layered/layered-network.ts',
    'data/patterns/spike-times.ts',
    'data/user/measured-task.ts',
    'learning/loss-view.ts',
  ])
  const path = 'actors/planted.ts'
  expect(comparing([{ path, text: `if (group.kind === 'li') stop()` }])).toEqual([path])
  expect(comparing([{ path, text: `switch (kind) {\n  case 'lif':` }])).toEqual([path])
})
