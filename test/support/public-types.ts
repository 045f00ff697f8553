import ts from 'typescript'

/** A type that a public signature names and no public entry exports. */
export interface UnexportedType {
  readonly name: string
  /** The export that leads to it, and the types on the way. */
  readonly via: string
}

export interface PublicTypes {
  /** Everything that the entries export. */
  readonly exported: readonly string[]
  readonly unexported: readonly UnexportedType[]
  /** Packages that the declarations behind the entries import, whether or not an export needs them. */
  readonly packages: readonly string[]
}

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  noLib: true,
  types: [],
}

/** What declaration files (`.d.ts`) say of the entries; `read` gives the text of a file, or undefined. */
export function publicTypes(
  entries: readonly string[],
  read: (file: string) => string | undefined = ts.sys.readFile,
): PublicTypes {
  const program = ts.createProgram(entries, OPTIONS, ownFilesHost(read))
  const checker = program.getTypeChecker()
  const original = (symbol: ts.Symbol) =>
    (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)
  const roots = entries.flatMap((entry) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile)
    if (module === undefined) throw new Error(`${entry} is no module`)
    return checker.getExportsOfModule(module).map((symbol) => ({ symbol: original(symbol), via: symbol.name }))
  })
  const known = new Set(roots.map(({ symbol }) => symbol))
  const unexported: UnexportedType[] = []
  const queue = [...roots]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { via } = next
    for (const named of (next.symbol.declarations ?? []).flatMap(namedTypes)) {
      const found = checker.getSymbolAtLocation(named)
      const symbol = found === undefined ? undefined : original(found)
      if (symbol === undefined || known.has(symbol) || !isDeclaredType(symbol)) continue
      known.add(symbol)
      unexported.push({ name: symbol.name, via })
      queue.push({ symbol, via: `${via} > ${symbol.name}` })
    }
  }
  const packages = program.getSourceFiles().flatMap(importsOf)
  return { exported: roots.map(({ via }) => via), unexported, packages: [...new Set(packages)].sort() }
}

/** Resolves what files import from each other, and leaves packages alone: their types are not ours. */
function ownFilesHost(read: (file: string) => string | undefined): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS)
  const fileExists = (file: string) => read(file) !== undefined
  return {
    ...host,
    fileExists,
    readFile: read,
    getSourceFile: (file, language) => ts.createSourceFile(file, read(file) ?? '', language, true),
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text }) => {
        const resolvedFileName = ts.sys.resolvePath(`${from}/../${text.replace(/\.js$/, '.d.ts')}`)
        const isOwn = text.startsWith('.') && fileExists(resolvedFileName)
        return { resolvedModule: isOwn ? { resolvedFileName, extension: ts.Extension.Dts } : undefined }
      }),
  }
}

/** The names of types (and of values of which a type is asked) inside a declaration. */
function namedTypes(declaration: ts.Declaration): ts.Node[] {
  const found: ts.Node[] = []
  const step = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) found.push(node.typeName)
    else if (ts.isExpressionWithTypeArguments(node)) found.push(node.expression)
    else if (ts.isTypeQueryNode(node)) found.push(node.exprName)
    else if (ts.isImportTypeNode(node) && node.qualifier !== undefined) found.push(node.qualifier)
    ts.forEachChild(node, step)
  }
  step(declaration)
  return found
}

const isDeclaredType = (symbol: ts.Symbol) =>
  (symbol.flags & ts.SymbolFlags.TypeParameter) === 0 && (symbol.declarations ?? []).length > 0

function importsOf(file: ts.SourceFile): string[] {
  const specifiers: string[] = []
  const step = (node: ts.Node): void => {
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined
    const literal = ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : from
    if (literal !== undefined && ts.isStringLiteral(literal)) specifiers.push(literal.text)
    ts.forEachChild(node, step)
  }
  step(file)
  return specifiers.filter((specifier) => !specifier.startsWith('.'))
}
