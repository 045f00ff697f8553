import { expect, test } from 'vitest'
import { readSourceTree } from '../support/source-tree.js'
import { unguarded } from '../support/unguarded.js'

const files = readSourceTree(new URL('..', import.meta.url))

test('whoever starts processes or makes temporary folders is guarded', () => {
  expect(unguarded(files)).toEqual([])
})

test.each([
  `import { spawn } from 'node:child_process'`,
  `import { tmpdir } from 'node:os'\nimport { x } from './other.js'`,
])('one that is not is found (%s)', (text) => {
  const planted = [
    { path: 'cli/planted.test.ts', text },
    { path: 'cli/other.ts', text: `import { y } from './planted.test.js'` },
  ]
  expect(unguarded([...files, ...planted])).toContain('cli/planted.test.ts')
  const guarded = { path: 'cli/other.ts', text: `import '../support/guard.js'` }
  const saved = { path: 'cli/planted.test.ts', text: `${text}\nimport './other.js'` }
  expect(unguarded([...files, saved, guarded])).not.toContain('cli/planted.test.ts')
})
