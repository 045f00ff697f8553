import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  type Stats,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import '../support/guard.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** All that `scripts/build.mjs` needs of a clone; the compiled kernel is there, so that it is not compiled again. */
const PARTS = [
  ...['scripts/build', 'scripts/build.mjs', 'scripts/build-wasm.mjs', 'scripts/build-presets.mjs'],
  ...['scripts/postpack.mjs', 'bin', 'presets'],
  ...[
    'chips',
    // The assembly shares constants and numerics with them.
    ...['src/numerics', 'src/events', 'src/network', 'src/dynamics', 'src/learning/surrogate/loops'],
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
  ],
]

/**
 * In place of tsc: puts sources into the folder that it is told, unchanged, and fails on "mistake". It says that it has
 * begun, and goes on once there is a file `go`.
 */
const COMPILER = `
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs')
const { dirname } = require('node:path')
const outDir = process.argv[process.argv.indexOf('--outDir') + 1]
writeFileSync('begun', '')
const turn = new Int32Array(new SharedArrayBuffer(4))
while (!existsSync('go')) Atomics.wait(turn, 0, 0, 5)
for (const file of ['index', 'cli/main', ...readdirSync('src/extra')]) {
  const name = file.replace('.ts', '')
  const text = readFileSync(existsSync('src/' + name + '.ts') ? 'src/' + name + '.ts' : 'src/extra/' + name + '.ts', 'utf8')
  if (text.includes('mistake')) process.exit(2)
  mkdirSync(dirname(outDir + '/' + name), { recursive: true })
  writeFileSync(outDir + '/' + name + '.js', text)
  writeFileSync(outDir + '/' + name + '.d.ts', text)
}
`

/** A process that ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A small clone in a folder of its own, whose builds take as long as one wants. */
export class Clone implements Disposable {
  readonly root = mkdtempSync(`${tmpdir()}/antidrome-clone-`)

  /** A copy of another clone as it is, or a new one that has not been built. */
  constructor(other: Clone | null = null) {
    if (other === null) this.make()
    else cpSync(other.root, this.root, { recursive: true })
  }

  private make(): void {
    for (const part of PARTS) cpSync(`${ROOT}${part}`, `${this.root}/${part}`, { recursive: true })
    for (const folder of ['extra', 'cli', 'data/presets', 'hardware/profile'].map((part) => `src/${part}`))
      mkdirSync(`${this.root}/${folder}`, { recursive: true })
    mkdirSync(`${this.root}/node_modules/typescript/bin`, { recursive: true })
    for (const name of ['assemblyscript', 'esbuild'])
      symlinkSync(`${ROOT}node_modules/${name}`, `${this.root}/node_modules/${name}`)
    this.write('scripts/build/entries.json', '{ "index": "index", "main": "cli/main" }')
    this.write('node_modules/typescript/package.json', '{ "main": "api.js" }')
    this.write('node_modules/typescript/api.js', `module.exports = require('${ROOT}node_modules/typescript')`)
    this.write('node_modules/typescript/bin/tsc', COMPILER)
    this.write('src/index.ts', '// index 1')
    this.write('src/cli/main.ts', '// main 1')
    this.write('src/extra/part.ts', '// part 1')
    this.write('go', '')
  }

  write(path: string, text: string): void {
    writeFileSync(`${this.root}/${path}`, text)
  }

  read(path: string): string {
    return readFileSync(`${this.root}/${path}`, 'utf8')
  }

  has(path: string): boolean {
    return existsSync(`${this.root}/${path}`)
  }

  stat(path: string): Stats {
    return statSync(`${this.root}/${path}`)
  }

  remove(path: string): void {
    rmSync(`${this.root}/${path}`, { recursive: true })
  }

  /** Every module of dist/ with its text, bundles left out. */
  dist(): Readonly<Record<string, string>> {
    const files = readdirSync(`${this.root}/dist`, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    const paths = files.map((entry) => `${entry.parentPath}/${entry.name}`.slice(this.root.length + '/dist/'.length))
    const modules = paths.filter((path) => path.endsWith('.js') && !path.startsWith('bundle/'))
    return Object.fromEntries(modules.map((path) => [path, this.read(`dist/${path}`)]))
  }

  build(...flags: readonly string[]) {
    return this.run('scripts/build.mjs', ...flags)
  }

  /** A script of package.json, as npm runs it within one of its commands. */
  script(name: string, npmCommand = 'install') {
    const [node, ...args] = JSON.parse(this.read('package.json')).scripts[name].split(' ')
    return this.start(node, args, { npm_command: npmCommand })
  }

  run(...args: readonly string[]) {
    return this.start(process.execPath, args)
  }

  private start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const child = spawn(command, args, { cwd: this.root, env: { ...process.env, ...env } })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
    const until = async (holds: () => boolean) => {
      while (!holds()) {
        if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${err}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    /** Waits for the compiler of a build to stand before its gate. */
    const begun = async () => {
      await until(() => this.has('begun'))
      this.remove('begun')
    }
    return { child, ended, begun, saysUntil: (text: string) => until(() => err.includes(text)) }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
