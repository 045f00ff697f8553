#!/usr/bin/env node
// The command of the package. It lies in the repository, so that a clone has it before anything is built: npx links to
// what it finds the first time, and never looks again.
import { existsSync } from 'node:fs'

const main = new URL('../dist/bundle/main.js', import.meta.url)
if (existsSync(main)) await import(main.href).catch(tellOfFiles)
else {
  tell({
    code: 'NOT_BUILT',
    message: 'antidrome is not built yet.',
    found: 'a clone without dist/bundle/main.js',
    expected: 'a build of it',
    remedy: 'Build first: npm install && npm run build',
  })
}

/** Where few files may be open, not even those that would tell of it can be loaded. */
function tellOfFiles(error) {
  if (!['EMFILE', 'ENFILE'].includes(error.code)) throw error
  tell({
    code: 'TOO_MANY_FILES',
    message: 'antidrome ran out of files that may be open at a time.',
    found: error.message,
    expected: 'room for some more',
    remedy: 'Raise the limit, for instance by ulimit -n 1024.',
  })
}

function tell(error) {
  const text = process.argv.includes('--json') ? JSON.stringify({ error }) : `${error.message} ${error.remedy}`
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
