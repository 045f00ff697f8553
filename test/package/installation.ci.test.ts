import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Clone } from '../scripts/clone.js'
import '../support/guard.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const TOOLS = ['typescript', 'esbuild', 'assemblyscript']

/** A repository with the manifest and scripts of the package, and little to build; it needs nothing from a registry. */
const clone = new Clone()
const manifest = clone.read('package.json')
afterAll(() => clone[Symbol.dispose]())
const PROJECTS = ['project-file', 'project-git']

beforeAll(() => {
  for (const tool of TOOLS) mkdirSync(`${clone.root}/vendor/${tool}`, { recursive: true })
  cpSync(`${clone.root}/node_modules/typescript`, `${clone.root}/vendor/typescript`, { recursive: true })
  clone.write('vendor/typescript/package.json', '{ "version": "1.0.0", "main": "api.js" }')
  clone.write('vendor/esbuild/package.json', '{ "version": "1.0.0" }')
  clone.write('vendor/esbuild/index.js', `module.exports = require('${root}node_modules/esbuild')`)
  clone.write('vendor/assemblyscript/package.json', '{ "version": "1.0.0" }')
  clone.write('scripts/build-wasm.mjs', '')
  // git knows no empty folders.
  for (const folder of ['data/presets', 'hardware/profile']) clone.write(`src/${folder}/kept`, '')
  clone.write('src/cli/main.ts', `console.log('installed')`)
  const devDependencies = Object.fromEntries(TOOLS.map((tool) => [tool, `file:vendor/${tool}`]))
  const own = { ...JSON.parse(manifest), dependencies: {}, peerDependencies: {}, devDependencies }
  clone.write('package.json', `${JSON.stringify(own, null, 2)}\n`)
  clone.write('package-lock.json', '{ "lockfileVersion": 3, "packages": {} }')
  for (const project of PROJECTS) {
    mkdirSync(`${clone.root}/${project}`)
    clone.write(`${project}/package.json`, '{}')
  }
  clone.write('.gitignore', 'node_modules\ndist\n.build\nproject*\ncache\nbegun\n*.tgz\n')
  for (const argv of [
    ['init', '--quiet'],
    ['add', '.'],
    ['commit', '--quiet', '--message', 'First'],
  ])
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...argv], { cwd: clone.root })
})

/** Runs npm in a folder of the clone, with a cache of its own and no registry. */
function npm(folder: string, ...argv: readonly string[]): { readonly code: number | null; readonly text: string } {
  const env = {
    ...process.env,
    npm_config_cache: `${clone.root}/cache`,
    npm_config_offline: 'true',
    npm_config_loglevel: 'notice',
  }
  const { status, stdout, stderr } = spawnSync('npm', argv, { cwd: `${clone.root}/${folder}`, env, encoding: 'utf8' })
  return { code: status, text: `${stdout}${stderr}` }
}

/** The scripts of the package in a project, and what its command prints there. */
function installed(project: string) {
  const home = `${project}/node_modules/antidrome`
  const printed = npm(project, 'exec', '--no', '--', 'antidrome').text
  return { scripts: Object.keys(JSON.parse(clone.read(`${home}/package.json`)).scripts), printed }
}

test('packed by npm it installs without a warning of scripts, and the manifest of the clone is as before', () => {
  const before = clone.read('package.json')
  expect(npm('.', 'pack')).toMatchObject({ code: 0 })
  expect(clone.read('package.json')).toBe(before)
  expect(JSON.parse(before).scripts.prepare).toBe(JSON.parse(manifest).scripts.prepare)
  const { code, text } = npm('project-file', 'install', `../antidrome-${JSON.parse(before).version}.tgz`)
  expect([code, text]).toEqual([0, expect.not.stringMatching(/warn|prepare/)])
  const { scripts, printed } = installed('project-file')
  expect(scripts).not.toContain('prepare')
  expect(printed).toBe('installed\n')
})

test('installed from git it is built, and packed in the same way', () => {
  const { code, text } = npm('project-git', 'install', `git+file://${clone.root}`)
  expect([code, text]).toEqual([0, expect.stringContaining('added 1 package')])
  const { scripts, printed } = installed('project-git')
  expect(scripts).not.toContain('prepare')
  expect(printed).toBe('installed\n')
  // npm reads the manifest of the repository before it packs it, and names `prepare` then; not once it is installed.
  expect(npm('project-git', 'install').text).not.toMatch(/warn|prepare/)
})
