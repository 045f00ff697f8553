// Counts phrases that plain technical English does without, in the sources and the documentation:
//   node scripts/phrases.mjs [--list] [FOLDER …]
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const PHRASES = [
  ...['told', 'so many', 'nobody', 'whoever', 'somebody', "of one's own", 'under way', 'goes on', 'anew'],
]
const PATTERN = new RegExp(`\\b(${PHRASES.join('|').replaceAll(' ', '\\s+(?:(?:\\*|//)\\s*)?')})\\b`, 'gi')

const { values, positionals } = parseArgs({ allowPositionals: true, options: { list: { type: 'boolean' } } })
const places = positionals.length > 0 ? positionals : ['src', 'docs', '*.md', 'bench/*.md', 'demos']
const files = execFileSync('git', ['ls-files', '-z', '--', ...places], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => /\.(ts|md|mjs)$/.test(path))

const found = files.flatMap((path) => {
  const text = partOf(path, readFileSync(path, 'utf8'))
  return [...text.matchAll(PATTERN)].map((match) => ({
    path,
    phrase: match[0].toLowerCase().replace(/\s+(?:(?:\*|\/\/)\s*)?/g, ' '),
    line: text.slice(0, match.index).split('\n').length,
  }))
})
if (values.list) for (const { path, line, phrase } of found) console.log(`${path}:${line}: ${phrase}`)
for (const phrase of PHRASES) console.log(`${phrase}: ${found.filter((each) => each.phrase === phrase).length}`)
console.log(`${found.length} in ${new Set(found.map(({ path }) => path)).size} files`)

/** Of the changelog the newest version alone: the others are history. */
function partOf(path, text) {
  if (path !== 'CHANGELOG.md') return text
  const [head = '', newest = ''] = text.split(/^(?=## )/m)
  return head + newest
}
