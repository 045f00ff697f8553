import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import '../support/guard.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

export const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

/**
 * A project that uses the package as `npm pack` makes it from what is built, as if installed by
 * `--install-strategy=linked`: what the package depends on lies beside the package, in a store, where the project cannot
 * find it. The project has its peers. Its `main.ts` is consumer.ts.
 */
export class PackedProject implements Disposable {
  readonly path = realpathSync(mkdtempSync(`${tmpdir()}/antidrome-consumer-`))
  readonly home = `${this.path}/store/node_modules/antidrome`
  /** In bytes. */
  readonly size: number
  readonly files: readonly string[]

  constructor() {
    mkdirSync(this.home, { recursive: true })
    const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', this.path]
    const [{ filename, size, files }] = JSON.parse(execFileSync('npm', argv, { cwd: root, encoding: 'utf8' }))
    this.size = size
    this.files = (files as readonly { readonly path: string }[]).map(({ path }) => path)
    execFileSync('tar', ['-xzf', `${this.path}/${filename}`, '-C', this.home, '--strip-components', '1'])
    const peers = Object.keys(manifest.peerDependencies)
    for (const name of [...Object.keys(manifest.dependencies), ...peers, '@types/node'])
      link(`${root}node_modules/${name}`, `${this.path}/store/node_modules/${name}`)
    for (const name of [...peers, '@types/node'])
      link(`${root}node_modules/${name}`, `${this.path}/node_modules/${name}`)
    link(this.home, `${this.path}/node_modules/antidrome`)
    cpSync(fileURLToPath(new URL('./consumer.ts', import.meta.url)), `${this.path}/main.ts`)
    writeFileSync(`${this.path}/package.json`, '{ "type": "module" }')
  }

  run(...argv: readonly string[]): string {
    return execFileSync(process.execPath, argv, { cwd: this.path, encoding: 'utf8' })
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}
