// Makes a clone ready to run: installs when the lock file changed, then builds. Child output goes to stderr.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const mark = `${root}node_modules/.antidrome-lock`
const lock = createHash('sha256')
  .update(readFileSync(`${root}package-lock.json`))
  .digest('hex')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

function run(what, args) {
  process.stderr.write(`antidrome: ${what} …\n`)
  const { status, error } = spawnSync(npm, args, { cwd: root, stdio: ['ignore', 2, 2], shell: npm.endsWith('.cmd') })
  if (error !== undefined || status !== 0) {
    process.stderr.write(`antidrome: ${what} failed (npm ${args.join(' ')}): ${error?.message ?? `exit ${status}`}\n`)
    process.exit(1)
  }
}

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== lock) {
  run('installing dependencies', ['ci', '--include=dev', '--no-audit', '--no-fund'])
  writeFileSync(mark, lock)
}
run('building', ['run', '--silent', 'build'])
