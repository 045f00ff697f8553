// The long form of the tests: more generated cases, others each time, every form of a subject, and files that neither
// `npm test` nor `.ci/run` has time for. Takes names of parts, or files and folders of tests; default: all.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MISTAKE = 2
const root = fileURLToPath(new URL('..', import.meta.url))
/** Folders of tests, by part. */
const parts = JSON.parse(readFileSync(new URL('test-parts.json', import.meta.url), 'utf8'))

const names = process.argv.slice(2)
const unknown = names.filter((name) => !Object.hasOwn(parts, name) && !isTest(name))
if (unknown.length > 0) {
  const choices = `${Object.keys(parts).join(', ')}, or a file or folder below test`
  process.stderr.write(`npm run test:long --: found ${JSON.stringify(unknown[0])}, expected one of ${choices}\n`)
  process.exit(MISTAKE)
}
const paths = names.flatMap((name) => (Object.hasOwn(parts, name) ? parts[name] : [name]))
const argv = ['node_modules/vitest/vitest.mjs', 'run', '--mode', 'long', ...paths]
const { status } = spawnSync(process.execPath, argv, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)

function isTest(name) {
  return /^test(\/|$)/.test(name) && existsSync(`${root}${name}`)
}
