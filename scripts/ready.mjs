// Makes a clone ready to run: installs when the lock file changed, builds when what is built from did. Child output goes
// to stderr.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const mark = `${root}node_modules/.antidrome-lock`
const lock = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== lock) {
  process.stderr.write('antidrome: installing dependencies …\n')
  // Builds, too, by `prepare`.
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
  writeFileSync(mark, lock)
}
run(process.execPath, ['scripts/build.mjs', '--if-changed'])

function run(command, args) {
  const shell = command.endsWith('.cmd')
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell })
  if (error === undefined && status === 0) return
  process.stderr.write(`antidrome: ${command} ${args.join(' ')} failed: ${error?.message ?? `exit ${status}`}\n`)
  process.exit(1)
}
