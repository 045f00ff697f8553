#!/usr/bin/env node
// The command of the package. It lies in the repository, so that a clone has it before anything is built: npx links to
// what it finds the first time, and never looks again.
import { existsSync } from 'node:fs'

const main = new URL('../dist/cli/main.js', import.meta.url)
if (existsSync(main)) await import(main.href)
else {
  const error = {
    code: 'NOT_BUILT',
    message: 'antidrome is not built yet.',
    found: 'a clone without dist/cli/main.js',
    expected: 'a build of it',
    remedy: 'Build first: npm install && npm run build',
  }
  const text = process.argv.includes('--json') ? JSON.stringify({ error }) : `${error.message} ${error.remedy}`
  process.stderr.write(`${text}\n`)
  process.exitCode = 1
}
