import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findViolations, PACKAGES, PARTS, packageOf, partOf } from '../support/layers.js'
import { parseSource } from '../support/parse-source.js'
import { ROOMS, roomOf } from '../support/rooms.js'
import { readSourceTree, type SourceFile } from '../support/source-tree.js'
import { RULES, type Rule } from '../support/violation.js'

type Tree = Readonly<Record<string, string>>

const filesOf = (tree: Tree): SourceFile[] => Object.entries(tree).map(([path, text]) => ({ path, text }))
const violations = (tree: Tree) => findViolations(filesOf(tree))
const rulesBroken = (tree: Tree) => violations(tree).map(({ rule }) => rule)

describe('the source tree', () => {
  const files = readSourceTree(new URL('../../src', import.meta.url))

  test('keeps every rule, but for one import turned round that is planted', () => {
    const planted = { path: 'numerics/planted.ts', text: `export { open } from '../actors/open.js'` }
    const found = findViolations([...files, planted])
    expect(found).toEqual([{ rule: 'layer', path: planted.path, line: 1, found: '../actors/open.js' }])
  })

  test('is read whole', () => {
    const paths = files.map(({ path }) => path)
    expect(paths).toContain('index.ts')
    expect(new Set(paths.map((path) => path.split('/')[0]))).toContain('numerics')
    expect(files.flatMap((file) => parseSource(file).imports).length).toBeGreaterThan(files.length)
  })

  test('imports exactly the packages that package.json depends on', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    const packages = files
      .flatMap((file) => parseSource(file).imports)
      .filter(({ known, target, specifier }) => known && target === null && !specifier.startsWith('node:'))
      .map(({ specifier }) => packageOf(specifier))
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
    expect([...new Set(packages)].sort()).toEqual(Object.keys(declared).sort())
  })

  test('uses every package where it is said to, and nothing is said of others', () => {
    const used = files.flatMap((file) => {
      const packages = parseSource(file).imports.filter(({ specifier }) => packageOf(specifier) in PACKAGES)
      return packages.map(({ specifier }) => `${packageOf(specifier)} in ${partOf(file.path)}`)
    })
    const said = Object.entries(PACKAGES).flatMap(([name, parts]) => parts.map((part) => `${name} in ${part}`))
    expect([...new Set(used)].sort()).toEqual(said.sort())
  })

  test('has every part and room, and no others', () => {
    const folders = (paths: readonly string[]) => [...new Set(paths.map((path) => path.replace(/\/.*/, '')))].sort()
    const paths = files.map(({ path }) => path).filter((path) => path.includes('/'))
    expect(folders(paths)).toEqual([...PARTS].sort())
    const below = paths.filter((path) => /^dynamics\/.*\//.test(path)).map((path) => path.slice('dynamics/'.length))
    expect(folders(below)).toEqual(Object.keys(ROOMS).sort())
  })

  test('has every way between rooms that is allowed', () => {
    const ways = files.flatMap(({ path, text }) => {
      const targets = parseSource({ path, text }).imports.map(({ target }) => target)
      return targets.map((target) => `${roomOf(path)} -> ${target === null ? null : roomOf(target)}`)
    })
    const allowed = Object.entries(ROOMS).flatMap(([from, others]) => others.map((to) => `${from} -> ${to}`))
    expect(allowed.filter((way) => !ways.includes(way))).toEqual([])
  })
})

test('a part imports exactly itself and the parts before it', () => {
  const forms = [
    (to: string) => `import { x } from '${to}'`,
    (to: string) => `import type { X } from '${to}'`,
    (to: string) => `import '${to}'`,
    (to: string) => `export * from '${to}'`,
    (to: string) => `export { type X } from '${to}'`,
    (to: string) => `export const later = () => import('${to}')`,
    (to: string) => `export type X = import('${to}').X`,
    (to: string) => `import x = require('${to}')`,
  ]
  for (const write of forms)
    for (const [k, from] of PARTS.entries())
      for (const [other, to] of PARTS.entries()) {
        const text = write(`../${to}/c.js`)
        // Which files of `storage` the command may take is a rule of its own.
        const broken = rulesBroken({ [`${from}/b.ts`]: text }).filter((rule) => rule !== 'output')
        expect(broken, `${from}: ${text}`).toEqual(other <= k ? [] : ['layer'])
      }
})

test('no room leads into itself by way of others', () => {
  const order: string[] = []
  const known = Object.keys(ROOMS)
  while (order.length < known.length) {
    const next = known.find((room) => !order.includes(room) && ROOMS[room]?.every((other) => order.includes(other)))
    expect(next).toBeDefined()
    order.push(next as string)
  }
})

test('a room imports exactly itself, what it may enter, and what lies beside all', () => {
  const names = Object.keys(ROOMS)
  fc.assert(
    fc.property(fc.constantFrom('', ...names), fc.constantFrom('', ...names), (from, to) => {
      const way = from === '' ? `./${to}` : `../${to}`
      const path = from === '' ? 'dynamics/b.ts' : `dynamics/${from}/b.ts`
      const mayEnter = from === to || to === '' || ROOMS[from]?.includes(to) === true
      expect(rulesBroken({ [path]: `import type { X } from '${way}/c.js'` })).toEqual(mayEnter ? [] : ['room'])
    }),
  )
})

test('a cycle is found exactly where there is one', () => {
  const nodes = 7
  const edge = fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1))
  fc.assert(
    fc.property(fc.uniqueArray(edge, { maxLength: 12, selector: String }), fc.boolean(), (edges, sorted) => {
      const kept = sorted ? edges.filter(([a, b]) => a > b) : edges
      const tree = Object.fromEntries(
        Array.from({ length: nodes }, (_, node) => [
          `numerics/n${node}.ts`,
          kept
            .filter(([a]) => a === node)
            .map(([, b]) => `import './n${b}.js'`)
            .join('\n'),
        ]),
      )
      const found = violations(tree)
      expect(found.every(({ rule }) => rule === 'cycle')).toBe(true)
      expect(found.length > 0).toBe(hasCycle(nodes, kept))
      for (const { found: cycle } of found) expect(isClosedWay(cycle, kept)).toBe(true)
    }),
  )
})

/** Nodes without a way out are taken away until none is left. */
function hasCycle(nodes: number, edges: readonly (readonly [number, number])[]): boolean {
  const left = new Set(Array.from({ length: nodes }, (_, node) => node))
  for (let taken = true; taken; ) {
    const ends = [...left].filter((node) => !edges.some(([a, b]) => a === node && left.has(b)))
    for (const node of ends) left.delete(node)
    taken = ends.length > 0
  }
  return left.size > 0
}

function isClosedWay(text: string, edges: readonly (readonly [number, number])[]): boolean {
  const way = text.split(' -> ').map((path) => Number(/n(\d)/.exec(path)?.[1]))
  const steps = way.slice(1).map((b, k) => [way[k], b])
  return way[0] === way.at(-1) && steps.every(([a, b]) => edges.some(([from, to]) => from === a && to === b))
}

/** One tree per rule that breaks this rule alone. */
const planted: Record<Rule, readonly Tree[]> = {
  part: [{ 'utils/a.ts': '' }, { 'constants.ts': '' }],
  room: [
    { 'dynamics/utils/a.ts': '' },
    { 'dynamics/equations/a.ts': `import type { Adjoint } from '../models/adjoint.js'` },
    { 'dynamics/equations/a.ts': `import { Synapses } from '../parameters/synapses.js'` },
    { 'dynamics/timeline/a.ts': `import type { Kernel } from '../kernels/kernel.js'` },
    { 'dynamics/kernels/window/rows/a.ts': `export { VoltagePass } from '../../../voltages/voltage-pass.js'` },
    { 'dynamics/pulse.ts': `export type X = import('./timeline/arrivals.js').Arrivals` },
  ],
  layer: [
    { 'network/a.ts': `import type { Kernel } from '../dynamics/kernel.js'` },
    { 'index.ts': `export { run } from './cli/main.js'` },
    { 'index.ts': `export * from './testing/index.js'` },
    { 'data/a.ts': `import { train } from '../index.js'` },
    { 'storage/a.ts': `import type { Lease } from '../rendezvous/lease.js'` },
  ],
  outside: [{ 'network/a.ts': `import { x } from '../../test/support/x.js'` }],
  'dynamic-import': [
    { 'actors/a.ts': 'export const load = (name: string) => import(name)' },
    { 'actors/a.ts': 'export const load = (name: string) => import(`../cli/' + '$' + '{name}.js`)' },
  ],
  node: [
    { 'streams/pathways/local-pathway.ts': `import { once } from 'node:events'` },
    { 'learning/a.ts': `import type { Buffer } from 'node:buffer'` },
    { 'data/idx.ts': `export { readFile } from 'node:fs/promises'` },
    { 'storage/a.ts': `import { readFile } from 'fs/promises'` },
    { 'actors/a.ts': `export const x = () => process.getBuiltinModule('node:fs')` },
    { 'network/a.ts': `const { getBuiltinModule: get } = process\nexport const x = () => get('node:fs')` },
  ],
  package: [
    { 'dynamics/a.ts': `import { Subject } from 'rxjs'` },
    { 'learning/a.ts': `import type { Observable } from 'rxjs/internal/Observable'` },
    { 'streams/a.ts': `import { createActor } from 'xstate'` },
    { 'network/a.ts': `import fc from 'fast-check'` },
    { 'actors/a.ts': `import { Command } from 'commander'` },
    { 'index.ts': `export { map } from 'rxjs'` },
    { 'storage/a.ts': `import { open } from 'antidrome'` },
    { 'storage/a.ts': `import { x } from '@types/x'` },
    { 'actors/a.ts': `import { connect } from '@nats-io/transport-node'` },
    { 'storage/a.ts': `export const later = () => import('@nats-io/obj')` },
    { 'rendezvous/a.ts': `import { headers } from '@nats-io/nats-core/internal'` },
  ],
  cycle: [
    { 'events/a.ts': `import './b.js'`, 'events/b.ts': `import type { A } from './a.js'` },
    { 'events/a.ts': `export * from './a.js'` },
    { 'dynamics/kernels/wasm/assembly/a.ts': `import './b'`, 'dynamics/kernels/wasm/assembly/b.ts': `import './a'` },
    { 'events/a.ts': `import './b.js'`, 'events/b.ts': `import './c.js'`, 'events/c.ts': `import './a.js'` },
  ],
  'file-name': [
    { 'events/notes.md': '' },
    { 'dynamics/kernels/wasm/tsconfig.json': '{}' },
    { 'events/SpikeBatch.ts': '' },
    { 'events/spike_batch.ts': '' },
    { 'events/a.js': '' },
  ],
  'file-length': [{ 'events/a.ts': '// a line\n'.repeat(301) }],
  random: [
    { 'data/a.ts': 'export const x = () => Math.random()' },
    { 'cli/a.ts': `export const x = () => Math['random']()` },
    { 'data/a.ts': 'export const x = () => globalThis.Math.random()' },
    { 'data/a.ts': 'export const { random } = Math' },
    { 'data/a.ts': 'export const x = (f: keyof typeof Math) => Math[f]' },
    { 'data/a.ts': 'export const x = (a: Uint8Array) => crypto.getRandomValues(a)' },
  ],
  clock: [
    { 'learning/a.ts': 'export const x = () => Date.now()' },
    { 'storage/a.ts': 'export const x = () => new Date()' },
    { 'actors/session.ts': 'export const x = () => performance.now()' },
    { 'actors/session.ts': 'export const x = () => process.hrtime()' },
    { 'rendezvous/a.ts': 'export const x = () => Date.now()' },
    { 'actors/supervision/a.ts': 'export const x = (late: () => void) => setTimeout(late, 10)' },
    { 'streams/links/a.ts': 'export const x = (late: () => void) => void globalThis.setInterval(late, 10)' },
  ],
  arithmetic: [
    { 'numerics/a.ts': 'export const x = (y: number) => Math.exp(y)' },
    { 'dynamics/a.ts': 'export const x = (y: number) => Math.log1p(y)' },
    { 'learning/a.ts': `export const x = (y: number) => Math['tanh'](y)` },
    { 'network/draw.ts': 'export const x = (y: number) => Math.cos(y)' },
    { 'dynamics/kernels/wasm/assembly/a.ts': 'export function x(y: f64): f64 { return NativeMath.exp(y) }' },
    { 'learning/losses/a.ts': 'export const x = (y: number) => 2 ** y' },
    { 'learning/a.ts': 'export const x = (y: number) => 0.9 ** 3 * y' },
    { 'learning/a.ts': 'export function x(y: number) { y **= 2; return y }' },
  ],
  'default-export': [
    { 'events/a.ts': 'export default 3' },
    { 'events/a.ts': 'export default function f() {}' },
    { 'events/a.ts': 'const a = 3\nexport { a as default }' },
  ],
  any: [{ 'events/a.ts': 'export const x = (y: any) => y' }, { 'events/a.ts': 'export type X = readonly any[]' }],
  'module-state': [
    { 'events/a.ts': 'let count = 0\nexport const next = () => ++count' },
    { 'events/a.ts': 'const cache = new Map<string, number>()\nexport const get = (k: string) => cache.get(k)' },
  ],
  output: [
    { 'cli/plot/a.ts': `import { writeFile } from 'node:fs/promises'` },
    { 'cli/a.ts': `import { open as look } from 'node:fs/promises'` },
    { 'cli/a.ts': `import * as fs from 'node:fs'` },
    { 'cli/a.ts': `import fs from 'node:fs'` },
    { 'cli/a.ts': `export const x = () => import('node:fs')` },
    { 'cli/plot/a.ts': `import { writeAtomically } from '../../storage/write-atomically.js'` },
    { 'cli/plot/a.ts': `import { saveNetwork as keep } from '../../storage/network-file.js'` },
    { 'cli/plot/a.ts': `import * as files from '../../storage/write-atomically.js'` },
    { 'cli/plot/a.ts': `export * from '../../storage/make-folder.js'` },
    { 'cli/plot/a.ts': `import { openRun } from '../../storage/run-folder.js'` },
  ],
  terminal: [
    { 'cli/a.ts': `export const x = () => process.stdout.write('a')` },
    { 'actors/a.ts': `export const x = () => globalThis.process.stderr.write('a')` },
    { 'learning/a.ts': `export const x = (name: 'stdout') => process[name].write('a')` },
    { 'cli/a.ts': `export const x = () => process['stderr'].write('a')` },
    { 'cli/a.ts': `const { stdout: out } = process\nexport { out }` },
    { 'cli/a.ts': `const { argv, ...rest } = process\nexport { argv, rest }` },
    { 'cli/a.ts': `const own = process\nexport const x = () => own.stdout.write('a')` },
    { 'events/a.ts': `export const x = () => console.log('a')` },
    { 'cli/a.ts': `export const x = () => globalThis.console.error('a')` },
    { 'cli/a.ts': `const { log } = console\nexport { log }` },
    { 'cli/a.ts': `import { stderr as screen } from 'node:process'\nexport { screen }` },
    { 'actors/a.ts': `import { Console } from 'node:console'\nexport { Console }` },
    { 'actors/a.ts': `import { writeSync } from 'node:fs'\nexport const x = () => writeSync(2, 'a')` },
    { 'cli/a.ts': `import { ownLines } from './shown.js'\nexport const x = ownLines` },
    { 'cli/a.ts': `import * as all from './shown.js'\nexport const x = all.ownLines` },
    { 'cli/a.ts': `import type { Shown } from './shown.js'\nexport const x = (name: string) => name as Shown` },
    { 'cli/a.ts': `export const x = (t: { out(text: string, as: 'data'): void }) => t.out('a', 'data')` },
    { 'cli/a.ts': `export const x = (t: { screen: NodeJS.WriteStream | null }) => t.screen?.write('a')` },
  ],
  'error-name': [
    { 'events/a.ts': `export class LinkError extends RunError {}` },
    { 'events/a.ts': `export class LinkError extends RunError { static override readonly name = 'RunError' }` },
  ],
  'unpacked-file': [
    { 'events/a.ts': `export const A = 'see docs/files.md'` },
    { 'events/a.ts': 'export const a = (b: string) => `' + '$' + '{b}: demos/files/input.json`' },
    { 'events/a.ts': `export const A = 'SECURITY.md tells whom to trust'` },
  ],
}

describe.each(RULES)('the gate "%s"', (rule) => {
  test.each(planted[rule])('finds %j', (tree) => {
    expect([...new Set(rulesBroken(tree))]).toEqual([rule])
  })
})

test('a violation is told with its place', () => {
  const tree = { 'learning/a.ts': `// Two lines\n\nimport { of } from 'rxjs'\n` }
  expect(violations(tree)).toEqual([{ rule: 'package', path: 'learning/a.ts', line: 3, found: 'rxjs' }])
})

test.each<Tree>([
  {
    'numerics/a.ts':
      '/** Not Math.exp, Math.random, Date.now or any other. */\nexport const note = "Math.exp(1) ** any"',
  },
  { 'numerics/a.ts': 'export const x = (y: number) => y * (2 ** -53 + Math.sqrt(y) / Math.LN2)' },
  { 'numerics/a.ts': `/** import { open } from '../actors/open.js' */\nexport const x = "import '../actors/open.js'"` },
  { 'numerics/a.ts': 'export function x(y: number) {\n  switch (y) {\n    default:\n      return 1\n  }\n}' },
  { 'numerics/a.ts': `export const NAMES = new Set(['a'])` },
  { 'dynamics/kernels/wasm/assembly/a.ts': 'let slope: f64 = 0\nexport function x(): f64 { return slope }' },
  { 'dynamics/kernels/wasm/assembly/tsconfig.json': '{}' },
  { 'storage/a.ts': 'export const x = (y: number) => 10 ** Math.floor(Math.log10(y))' },
  { 'storage/a.ts': `import { readFile } from 'node:fs/promises'\nexport { readFile }` },
  { 'streams/links/websocket-link.ts': `import { connect } from 'node:net'` },
  { 'data/files.ts': `import { readFile } from 'node:fs/promises'` },
  { 'cli/a.ts': 'export const x = () => Date.now()' },
  { 'cli/b.ts': 'export const x = (late: () => void) => setTimeout(late, 10)' },
  {
    'actors/fleet/a.ts': `import { setTimeout } from 'node:timers/promises'\nexport const x = async () => {\n  await setTimeout(10)\n}`,
  },
  { 'cli/a.ts': `import { stat } from 'node:fs/promises'\nimport { readRegular } from '../storage/regular-file.js'` },
  { 'cli/outputs/a.ts': `import { writeAtomically } from '../../storage/write-atomically.js'` },
  { 'cli/terminal.ts': `export const x = () => process.stdout.write('a')` },
  { 'cli/a.ts': `/** console.log */\nexport const x = (child: { stdout: object }) => child.stdout` },
  { 'cli/a.ts': `export const x = (t: { screen: object | null }) => t.screen !== null && process.argv` },
  { 'streams/system-clock.ts': 'export const x = () => performance.now()' },
  { 'rendezvous/a.ts': `import { hostname } from 'node:os'\nimport { connect } from '@nats-io/transport-node'` },
  { 'actors/supervision.ts': 'export const x = () => performance.now()' },
  { 'index.ts': `export { open } from './actors/open.js'` },
  { 'events/a.ts': 'export interface A { random(): number }\nexport const x = (a: A) => a.random()' },
  { 'events/a.ts': '// a line\n'.repeat(300) },
  { 'dynamics/kernels/README.md': '**One** group, or `any` of a cycle: Math.random()' },
])('nothing is wrong with %j', (tree) => {
  expect(violations(tree)).toEqual([])
})
