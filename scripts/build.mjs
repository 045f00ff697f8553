// Builds dist/ beside the one that is there and puts it in its place file by file: what runs from dist/ meanwhile, and the
// workers that it starts, find all of it. A build that fails leaves dist/ as it was. Everything is told on stderr.
// --if-changed does nothing if dist/ is built from the sources as they are. --as-prepare does nothing where there are no
// compilers, nor for npx: it prepares the clone that it is called in, and its cache is broken for good if that fails.
// --as-prepack, and --as-prepare in a clone that npm makes to install from git, leave package.json as it is to be packed.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { withBuildLock } from './build/build-lock.mjs'
import { fingerprint, MADE } from './build/fingerprint.mjs'
import { takePrepare } from './build/packed-manifest.mjs'
import { removeFolder } from './build/remove-folder.mjs'
import { replaceFolder } from './build/replace-folder.mjs'
import { WORKPLACE } from './build/write-changed.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)
const built = `${WORKPLACE}fingerprint`
const options = process.argv.slice(2)

/** Sent by Ctrl-C, kill and a terminal that closes. */
const ENDINGS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }
const end = new AbortController()
for (const signal of Object.keys(ENDINGS)) process.once(signal, () => end.abort(signal))

try {
  if (!options.includes('--as-prepare') || (process.env.npm_command !== 'exec' && hasCompilers())) {
    await withBuildLock(`${WORKPLACE}lock`, build)
    if (options.includes('--as-prepack') || isInstalledFromGit()) takePrepare(root)
  }
} catch (error) {
  const signal = end.signal.reason
  tell(signal === undefined ? `the build failed: ${error.message}` : `the build was ended by ${signal}`)
  process.exitCode = signal === undefined ? 1 : 128 + ENDINGS[signal]
}

async function build() {
  const sources = fingerprint(root)
  if (options.includes('--if-changed') && isBuiltFrom(sources)) return
  const missing = missingCompilers()
  if (missing.length > 0) throw new Error(`for want of ${missing.join(' and ')}; run npm ci first`)
  tell('building …')
  for (const name of readdirSync(WORKPLACE).filter((entry) => entry.startsWith('dist-')))
    removeFolder(`${WORKPLACE}${name}`)
  // Not the number of this process, which one that was killed may have had.
  const next = mkdtempSync(`${WORKPLACE}dist-`)
  try {
    await run('scripts/build-wasm.mjs')
    await import('./build-presets.mjs')
    await run(require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', next)
    // Imported here: without compilers they cannot be loaded.
    const { bundle } = await import('./build/bundle.mjs')
    const { publishDeclarations } = await import('./build/publish-declarations.mjs')
    await bundle(next)
    publishDeclarations(next, require('../package.json').exports)
    replaceFolder(next, `${root}dist`)
  } finally {
    removeFolder(next)
  }
  writeFileSync(built, sources)
}

/** Whether npm has cloned the repository to pack it: it names what it prepares in the environment. */
function isInstalledFromGit() {
  return options.includes('--as-prepare') && process.env._PACOTE_NO_PREPARE_ !== undefined
}

function isBuiltFrom(sources) {
  return (
    MADE.every((file) => existsSync(`${root}${file}`)) && existsSync(built) && readFileSync(built, 'utf8') === sources
  )
}

function hasCompilers() {
  const missing = missingCompilers()
  if (missing.length > 0) tell(`not built, for want of ${missing.join(' and ')}`)
  return missing.length === 0
}

function missingCompilers() {
  return ['typescript', 'assemblyscript', 'esbuild'].filter((name) => !existsSync(`${root}node_modules/${name}`))
}

function run(script, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 2, 2], signal: end.signal })
    let failure = null
    child.once('error', (error) => {
      failure = error
    })
    // Not before: what is still running would go on writing.
    child.once('close', (code, signal) => {
      if (code === 0 && failure === null) resolve()
      else reject(failure ?? new Error(`${script} ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

function tell(text) {
  process.stderr.write(`antidrome: ${text}\n`)
}
