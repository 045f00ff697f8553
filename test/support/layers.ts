import { isBuiltin } from 'node:module'
import { forbiddenSyntax } from './forbidden-syntax.js'
import { findCycles } from './import-cycles.js'
import { type ImportEdge, type ParsedSource, parseSource } from './parse-source.js'
import { isRoom, mayEnter, roomOf } from './rooms.js'
import type { SourceFile } from './source-tree.js'
import type { Rule, Violation } from './violation.js'

/** The folders of src; each imports only itself and those before it. */
export const PARTS = [
  'numerics',
  'events',
  'network',
  'dynamics',
  'learning',
  'data',
  'hardware',
  'streams',
  'storage',
  'rendezvous',
  'actors',
  'cli',
  'testing',
] as const

/** Parts the library's entry must not pull in: a command, and an optional peer. */
const NOT_IN_ENTRY: readonly string[] = ['cli', 'testing']

/** The only places that may use Node's own modules; everything else runs in a browser. */
const NODE_ONLY = /^(storage|rendezvous|actors|cli)\/|^data\/files(\/|\.ts$)|^streams\/links\/(websocket|unix)\b/

/** Which parts use which package. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  rxjs: ['streams', 'rendezvous', 'actors'],
  ws: ['streams'],
  '@nats-io/transport-node': ['rendezvous'],
  '@nats-io/jetstream': ['rendezvous'],
  '@nats-io/kv': ['rendezvous'],
  '@nats-io/nkeys': ['rendezvous'],
  '@nats-io/obj': ['rendezvous'],
  'es-module-lexer': ['actors'],
  xstate: ['actors'],
  commander: ['cli'],
  'prom-client': ['cli'],
  'cli-progress': ['cli'],
  '@noble/hashes': ['data'],
  yaml: ['hardware'],
  zstddec: ['data'],
  'fast-check': ['testing'],
}

/** Tells editors that a folder is AssemblyScript. */
const COMPILER_SETTINGS = [
  'dynamics/kernels/wasm/assembly/tsconfig.json',
  'learning/surrogate/loops/assembly/tsconfig.json',
]

/** The one place that imports what its caller names: the modules of users. */
const IMPORTS_ANYTHING = 'actors/modules/import-module.ts'

/** What a folder says of itself. */
const PAGE = /(^|\/)README\.md$/

/** Of what somebody writes; nobody reads what a script makes. */
const MOST_LINES = 300
const MADE = '// Made by scripts/'

/** Everything in a source tree that breaks a rule of the structure, in the order of the files. */
export function findViolations(files: readonly SourceFile[]): Violation[] {
  const sources = files.filter(({ path }) => !PAGE.test(path)).map(parseSource)
  return [...sources.flatMap(violationsOf), ...cyclesOf(sources)]
}

function violationsOf(source: ParsedSource): Violation[] {
  return [...shapeOf(source), ...importsOf(source), ...forbiddenSyntax(source)]
}

function shapeOf({ path, text }: ParsedSource): Violation[] {
  const found: Violation[] = []
  const part = partOf(path)
  if (part === null ? path !== 'index.ts' : !isPart(part)) found.push({ rule: 'part', path, line: 1, found: path })
  const room = roomOf(path)
  if (room !== null && !isRoom(room)) found.push({ rule: 'room', path, line: 1, found: path })
  const isNamed = /^([a-z0-9]+(-[a-z0-9]+)*\/)*[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(path)
  if (!isNamed && !COMPILER_SETTINGS.includes(path)) found.push({ rule: 'file-name', path, line: 1, found: path })
  const lines = text.trimEnd().split('\n').length
  if (lines > MOST_LINES && !text.startsWith(MADE))
    found.push({ rule: 'file-length', path, line: lines, found: `${lines} lines` })
  return found
}

function importsOf({ path, imports }: ParsedSource): Violation[] {
  return imports.flatMap((edge) => {
    const rule = brokenBy(path, edge)
    return rule === null ? [] : [{ rule, path, line: edge.line, found: edge.specifier }]
  })
}

function brokenBy(path: string, { specifier, known, target }: ImportEdge): Rule | null {
  if (!known) return path === IMPORTS_ANYTHING ? null : 'dynamic-import'
  return target === null ? brokenByPackage(path, specifier) : brokenByFile(path, target)
}

function brokenByFile(path: string, target: string): Rule | null {
  if (target.startsWith('..')) return 'outside'
  const [from, to] = [partOf(path), partOf(target)]
  if (from === to) return brokenByRoom(path, target)
  if (from === null) return to !== null && NOT_IN_ENTRY.includes(to) ? 'layer' : null
  // The entry lies above every part.
  return to !== null && rank(to) < rank(from) ? null : 'layer'
}

function brokenByRoom(path: string, target: string): Rule | null {
  const [from, to] = [roomOf(path), roomOf(target)]
  return from === null || to === null || mayEnter(from, to) ? null : 'room'
}

function brokenByPackage(path: string, specifier: string): Rule | null {
  if (isBuiltin(specifier)) return NODE_ONLY.test(path) && specifier.startsWith('node:') ? null : 'node'
  return PACKAGES[packageOf(specifier)]?.includes(partOf(path) ?? '') ? null : 'package'
}

function cyclesOf(sources: readonly ParsedSource[]): Violation[] {
  const edges = new Map(
    sources.map(({ path, imports }) => [path, imports.flatMap(({ target }) => (target === null ? [] : [target]))]),
  )
  return findCycles(edges).map((cycle) => {
    const path = cycle[0] as string
    return { rule: 'cycle', path, line: 1, found: [...cycle, path].join(' -> ') }
  })
}

/** The package that a specifier names something of. */
export function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** The folder of src a file lies in; null at the top. */
export function partOf(path: string): string | null {
  const slash = path.indexOf('/')
  return slash < 0 ? null : path.slice(0, slash)
}

const isPart = (name: string) => rank(name) >= 0
const rank = (name: string) => (PARTS as readonly string[]).indexOf(name)
