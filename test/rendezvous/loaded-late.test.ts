import { expect, test } from 'vitest'
import { readSourceTree, type SourceFile } from '../support/source-tree.js'

/** What loads the libraries of NATS as soon as it is loaded itself, outside the one folder that may. */
function loadedEarly(files: readonly SourceFile[]): readonly string[] {
  const loads = /^(?:import|export)\b[^'"`(]*'(?:@nats-io\/|[./\w-]*\/nats\/)[^'\n]*'/m
  return files
    .filter(({ path, text }) => !path.startsWith('rendezvous/nats/') && loads.test(text))
    .map(({ path }) => path)
}

const files = readSourceTree(new URL('../../src', import.meta.url))

test('who joins nothing does not load the libraries of NATS', () => {
  expect(files.some(({ path }) => path.startsWith('rendezvous/nats/'))).toBe(true)
  expect(loadedEarly(files)).toEqual([])
})

test.each([
  `import { connect } from '@nats-io/transport-node'`,
  `export { LEASE_BUCKET } from '../rendezvous/nats/subjects.js'`,
])('whoever does would be found: %s', (text) => {
  expect(loadedEarly([...files, { path: 'rendezvous/planted.ts', text }])).toEqual(['rendezvous/planted.ts'])
})
