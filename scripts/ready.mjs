// Makes a clone ready to run: installs when the lock file changed, builds when what is built from did: a build takes dist/
// away for a while, under the feet of what runs from it. Child output goes to stderr.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
const built = `${root}node_modules/.antidrome-build`
const sources = fingerprint()
if (!existsSync(`${root}dist/index.js`) || !existsSync(built) || readFileSync(built, 'utf8') !== sources) {
  run('building', ['run', '--silent', 'build'])
  writeFileSync(built, fingerprint())
}

/** A hash over everything a build depends on; what it makes of sources among them is made before. */
function fingerprint() {
  const hash = createHash('sha256').update(lock)
  for (const folder of ['src', 'presets', 'scripts'])
    for (const name of readdirSync(`${root}${folder}`, { recursive: folder !== 'scripts' }).sort())
      if (/\.(ts|mjs|json)$/.test(name)) hash.update(`\n${name}\n`).update(readFileSync(`${root}${folder}/${name}`))
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json'])
    hash.update(readFileSync(`${root}${file}`))
  return hash.digest('hex')
}
