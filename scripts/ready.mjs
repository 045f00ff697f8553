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
/** What a build makes, in src/ as well. */
const made = ['dist/index.js', 'src/dynamics/wasm/kernel-binary.ts', 'src/data/presets/packaged-texts.ts']
const built = `${root}node_modules/.antidrome-build`
const sources = fingerprint()
const isThere = [...made.map((file) => `${root}${file}`), built].every((file) => existsSync(file))
if (!isThere || readFileSync(built, 'utf8') !== sources) {
  run('building', ['run', '--silent', 'build'])
  writeFileSync(built, sources)
}

/** A hash over everything a build depends on. */
function fingerprint() {
  const inFolders = ['src', 'presets', 'scripts'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: folder !== 'scripts' })
      .filter((name) => /\.(ts|mjs|json)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => !made.includes(file))
      .sort(),
  )
  const hash = createHash('sha256').update(lock)
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.build.json', ...inFolders])
    hash.update(`\n${file}\n`).update(readFileSync(`${root}${file}`))
  return hash.digest('hex')
}
