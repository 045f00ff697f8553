// Writes the declarations that the package ships into dist/types/: one file per entry, with what the entry exports and
// whatever this names. A declaration lies in the file of the first entry that reaches it; other files import it from there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

const TYPES = './dist/types/'
const OPTIONS = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noLib: true,
  types: [],
}

/** @param exports of package.json, whose types are in dist/types/ */
export function publishDeclarations(dist, exports) {
  const built = Object.keys(JSON.parse(readFileSync(new URL('entries.json', import.meta.url), 'utf8')))
  const names = Object.values(exports)
    .filter((entry) => built.some((name) => entry.default === `./dist/bundle/${name}.js`))
    .map(({ types }) => types.slice(TYPES.length))
  const paths = names.map((name) => resolve(dist, name))
  const program = ts.createProgram(paths, OPTIONS, ownFilesHost())
  const source = createSource(dist, program)
  const files = names.map((name) => ({ name, exported: source.exportsOf(name), ...emptyFile() }))
  const homes = assignHomes(files, source)
  const texts = files.map((file) => textOf(file, homes, source))
  for (const file of files) nameExports(file, homes)
  // After all of them: a file exports what others have been found to need of it.
  for (const [k, file] of files.entries()) {
    const path = resolve(dist, 'types', file.name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${importsOf(file)}${texts[k]}${exportsOf(file, homes)}`)
  }
}

const emptyFile = () => ({ statements: [], imports: new Map(), taken: new Set() })

/** Leaves packages alone: what they declare stays theirs. */
function ownFilesHost() {
  const host = ts.createCompilerHost(OPTIONS)
  const resolveOne = (specifier, from) => {
    if (!isRelative(specifier)) return { resolvedModule: undefined }
    const resolvedFileName = resolve(dirname(from), specifier.replace(/\.js$/, '.d.ts'))
    return { resolvedModule: { resolvedFileName, extension: ts.Extension.Dts } }
  }
  return {
    ...host,
    resolveModuleNameLiterals: (literals, from) => literals.map(({ text }) => resolveOne(text, from)),
  }
}

/** What the compiler knows of the declarations below `dist`. */
function createSource(dist, program) {
  const checker = program.getTypeChecker()
  const original = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)
  const isOwn = (node) => node.getSourceFile().fileName.startsWith(dist.replaceAll('\\', '/'))
  /** The statements that declare a symbol, if it is declared at the top of one of our files. */
  const statementsOf = (symbol) => (symbol.declarations ?? []).filter(isOwn).map(topOf).filter(Boolean)
  return {
    statementsOf,
    exportsOf(name) {
      const module = checker.getSymbolAtLocation(program.getSourceFile(resolve(dist, name)))
      if (module === undefined) return []
      return checker.getExportsOfModule(module).map((symbol) => ({ name: symbol.name, symbol: original(symbol) }))
    },
    /** The symbol that a name stands for, if it is one of ours or comes from a package; else null. */
    named(node) {
      const symbol = checker.getSymbolAtLocation(node)
      if (symbol === undefined) return null
      const foreign = (symbol.declarations ?? []).find((each) => isImported(each) && !isRelative(specifierOf(each)))
      if (foreign !== undefined) return { foreign }
      return statementsOf(original(symbol)).length === 0 ? null : { symbol: original(symbol) }
    },
  }
}

/** The statement at the top of its file that a declaration is or belongs to; null for a part of something larger. */
function topOf(declaration) {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return statement.parent !== undefined && ts.isSourceFile(statement.parent) ? statement : null
}

const isImported = (node) => ts.isImportSpecifier(node) || ts.isImportClause(node) || ts.isNamespaceImport(node)
const isRelative = (specifier) => specifier.startsWith('.')

function specifierOf(node) {
  for (let at = node; at !== undefined; at = at.parent) if (ts.isImportDeclaration(at)) return at.moduleSpecifier.text
  return ''
}

/** For every symbol that some entry reaches: the file it goes to, and the name that it has there. */
function assignHomes(files, source) {
  const homes = new Map()
  for (const file of files) {
    const queue = file.exported.map(({ symbol }) => symbol)
    for (const symbol of queue) {
      if (homes.has(symbol)) continue
      homes.set(symbol, { file, name: freeName(symbol.name, file.taken), shared: false })
      const statements = source.statementsOf(symbol)
      if (statements.length === 0) throw new Error(`${file.name} exports ${symbol.name}, which is declared elsewhere`)
      for (const statement of statements) {
        if (!file.statements.includes(statement)) file.statements.push(statement)
        eachName(statement, (node) => queue.push(...[source.named(node)?.symbol ?? []].flat()))
      }
    }
  }
  return homes
}

function freeName(name, taken) {
  let free = name
  for (let k = 1; taken.has(free); k++) free = `${name}_${k}`
  taken.add(free)
  return free
}

/** Calls back with every identifier and every `import('./a.js').Name` of a statement: the name, and where it begins. */
function eachName(node, visit) {
  if (ts.isImportTypeNode(node) && node.qualifier !== undefined && isRelative(node.argument.literal.text)) {
    visit(
      node.qualifier,
      node.argument.parent.getChildren().find(({ kind }) => kind === ts.SyntaxKind.ImportKeyword),
    )
    for (const argument of node.typeArguments ?? []) eachName(argument, visit)
  } else {
    if (ts.isIdentifier(node)) visit(node, node)
    ts.forEachChild(node, (child) => eachName(child, visit))
  }
}

/** The declarations of a file, by the names that they and others have here. */
function textOf(file, homes, source) {
  return file.statements
    .map((statement) => {
      const text = statement.getSourceFile().text
      const edits = (statement.modifiers ?? [])
        .filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
        .map((modifier) => ({ from: modifier.getStart(), to: modifier.end + 1, by: '' }))
      eachName(statement, (name, first) => {
        const by = localName(source.named(name), file, homes)
        const from = first.getStart()
        if (by !== null && by !== text.slice(from, name.end)) edits.push({ from, to: name.end, by })
      })
      let at = statement.getFullStart()
      let written = ''
      for (const { from, to, by } of edits.sort((a, b) => a.from - b.from)) {
        written += text.slice(at, from) + by
        at = to
      }
      const whole = (written + text.slice(at, statement.end)).trim()
      return `${whole.replace(/^(?: {4})+/gm, (levels) => '\t'.repeat(levels.length / 4))}\n`
    })
    .join('')
}

/** The name of something in a file, which imports it if it has to; null for what is left as it is. */
function localName(found, file, homes) {
  if (found === null) return null
  if (found.foreign !== undefined) return foreignName(found.foreign, file)
  const home = homes.get(found.symbol)
  if (home === undefined) return null
  if (home.file === file) return home.name
  home.shared = true
  return importedName(file, relativeTo(file, home.file), home.name, home.name)
}

function foreignName(node, file) {
  if (ts.isNamespaceImport(node)) return importedName(file, specifierOf(node), '*', node.name.text)
  const name = ts.isImportClause(node) ? 'default' : (node.propertyName ?? node.name).text
  return importedName(file, specifierOf(node), name, node.name.text)
}

function importedName(file, from, name, wish) {
  const key = `${from} ${name}`
  if (!file.imports.has(key)) file.imports.set(key, { from, name, local: freeName(wish, file.taken) })
  return file.imports.get(key).local
}

function relativeTo(file, other) {
  const path = relative(dirname(`/${file.name}`), `/${other.name}`)
    .replaceAll('\\', '/')
    .replace(/\.d\.ts$/, '.js')
  return isRelative(path) ? path : `./${path}`
}

/** What all declarations of a file need: libraries of the language, other files, packages. */
function importsOf({ statements, imports }) {
  const libraries = statements.flatMap((each) => each.getSourceFile().libReferenceDirectives)
  const references = [...new Set(libraries.map(({ fileName }) => `/// <reference lib="${fileName}" />\n`))]
  const all = [...imports.values()]
  const named = ({ name, local }) => (name === local ? name : `${name} as ${local}`)
  const written = [...new Set(all.map(({ from }) => from))].map((module) => {
    const names = all.filter(({ from, name }) => from === module && name !== '*').map(named)
    return names.length === 0 ? '' : `import { ${names.join(', ')} } from '${module}'\n`
  })
  const spaces = all
    .filter(({ name }) => name === '*')
    .map(({ from, local }) => `import * as ${local} from '${from}'\n`)
  return [...references, ...written, ...spaces].join('')
}

/** Gives what an entry exports a name in its file. */
function nameExports(file, homes) {
  file.exports = new Map(file.exported.map(({ name, symbol }) => [name, localName({ symbol }, file, homes)]))
}

/** All that an entry exports, and what other files need of this one besides. */
function exportsOf(file, homes) {
  const all = new Map(file.exports)
  for (const home of homes.values()) if (home.file === file && home.shared) all.set(home.name, home.name)
  const list = [...all].map(([name, local]) => (name === local ? name : `${local} as ${name}`))
  return `export { ${list.join(', ')} }\n`
}
