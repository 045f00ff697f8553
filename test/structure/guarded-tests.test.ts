import { describe, expect, test } from 'vitest'
import { readSourceTree, type SourceFile } from '../support/source-tree.js'
import { GUARDS, unguarded } from '../support/unguarded.js'

const files = readSourceTree(new URL('..', import.meta.url))

const BUILT = '../..'.concat('/dist/index.js')
const PLANTED = {
  'starts processes or makes temporary folders': [
    [`import { spawn } from 'node:child_process'`],
    [`import { tmpdir } from 'node:os'\nimport { x } from './other.js'`],
  ],
  'uses what is built': [
    [`await import('${BUILT}')`],
    [`const main = new URL('${BUILT}', import.meta.url)`],
    [`const program = new URL('./planted.mjs', import.meta.url)`, `import '${BUILT}'`],
  ],
} satisfies Record<keyof typeof GUARDS, [text: string, script?: string][]>

describe.each(Object.keys(GUARDS) as (keyof typeof GUARDS)[])('a test that %s', (what) => {
  test('imports what guards it', () => {
    expect(unguarded(files, what)).toEqual([])
  })

  test.each<[text: string, script?: string]>(PLANTED[what])('is found if it does not (%j)', (text, script = '') => {
    const planted: SourceFile[] = [
      { path: 'cli/planted.test.ts', text },
      { path: 'cli/planted.mjs', text: script },
      { path: 'cli/other.ts', text: `import { y } from './planted.test.js'` },
    ]
    expect(unguarded([...files, ...planted], what)).toContain('cli/planted.test.ts')
    const guarded = { path: 'cli/other.ts', text: `import '../${GUARDS[what].guard.replace(/ts$/, 'js')}'` }
    const saved = { path: 'cli/planted.test.ts', text: `${text}\nimport './other.js'` }
    expect(unguarded([...files, planted[1]!, saved, guarded], what)).not.toContain('cli/planted.test.ts')
  })
})
