/**
 * In how many files of src each name occurs, as an identifier or as a text: what a change of it may touch.
 *
 *     npm run touches -- [--list] [NAME …]
 *
 * `--list` prints the files, too.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import ts from 'typescript'

const NAMES = [
  'cores',
  'threads',
  'silence',
  'kernel',
  'spikeLimit',
  'startLimit',
  'clipNorm',
  'patience',
  'spikeBudget',
]

const { values, positionals } = parseArgs({ options: { list: { type: 'boolean' } }, allowPositionals: true })
const names = positionals.length > 0 ? positionals : NAMES
const touched = new Map(names.map((name) => [name, []]))

const files = readdirSync('src', { recursive: true })
  .map((path) => join('src', path))
  .filter((path) => path.endsWith('.ts'))
  .sort()
for (const file of files)
  for (const word of wordsOf(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)))
    touched.get(word)?.push(file)

const width = Math.max(...names.map((name) => name.length))
console.log(`${'name'.padEnd(width)}  files of ${files.length}`)
for (const [name, found] of touched) {
  console.log(`${name.padEnd(width)}  ${found.length}`)
  if (values.list) for (const file of found) console.log(`  ${file}`)
}

/** Identifiers, names of properties and whole texts, such as 'cores'; comments are none. */
function wordsOf(source) {
  const words = new Set()
  const visit = (node) => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) words.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return words
}
