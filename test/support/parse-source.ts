import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-tree.js'

/** Anything that makes one file need another: import, export from, import(), import type, require. */
export interface ImportEdge {
  readonly specifier: string
  /** Whether the specifier is written out; a computed one cannot be judged. */
  readonly known: boolean
  /** Whether it is loaded together with the file: neither later, by import(), nor as nothing but types. */
  readonly isStatic: boolean
  readonly line: number
  /** Path below src of the file a relative specifier names, or null for a package. */
  readonly target: string | null
}

export interface ParsedSource extends SourceFile {
  readonly imports: readonly ImportEdge[]
  /** Calls visit for every node of the syntax tree with the number of its line. */
  walk(visit: (node: ts.Node, line: () => number) => void): void
}

const parsed = new WeakMap<SourceFile, ParsedSource>()

/** Parses one file without looking at any other; the same record only once. */
export function parseSource(file: SourceFile): ParsedSource {
  const source = parsed.get(file) ?? parse(file)
  parsed.set(file, source)
  return source
}

/** Types in comments, too, take time to parse. */
const WITHOUT_COMMENTS: ts.CreateSourceFileOptions = {
  languageVersion: ts.ScriptTarget.ES2022,
  jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
}

function parse({ path, text }: SourceFile): ParsedSource {
  const tree = ts.createSourceFile(path, text, WITHOUT_COMMENTS, true)
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
  function walk(visit: (node: ts.Node, line: () => number) => void): void {
    const step = (node: ts.Node): void => {
      visit(node, () => lineOf(node))
      ts.forEachChild(node, step)
    }
    step(tree)
  }
  const imports: ImportEdge[] = []
  walk((node, line) => {
    const literal = importedBy(node)
    if (literal === undefined) return
    const known = ts.isStringLiteralLike(literal)
    const specifier = known ? literal.text : literal.getText(tree)
    imports.push({ specifier, known, isStatic: isStatic(node), line: line(), target: resolve(path, specifier) })
  })
  return { path, text, imports, walk }
}

/** The expression that names what a node imports; undefined if it imports nothing. */
function importedBy(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isExternalModuleReference(node)) return node.expression
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument
  if (!ts.isCallExpression(node)) return undefined
  const { expression } = node
  const isImport =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
  return isImport ? node.arguments[0] : undefined
}

/** What an import by name leaves of names that are all types is the import of the file. */
function isStatic(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly !== true
  if (ts.isExportDeclaration(node)) return !node.isTypeOnly
  if (ts.isExternalModuleReference(node)) return !node.parent.isTypeOnly
  return ts.isCallExpression(node) && node.expression.kind !== ts.SyntaxKind.ImportKeyword
}

function resolve(from: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null
  // AssemblyScript writes no suffix.
  return posix.join(posix.dirname(from), specifier).replace(/(\.js|(?<=\/[^./]+))$/, '.ts')
}
