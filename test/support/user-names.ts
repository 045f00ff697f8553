import { posix } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-tree.js'

/** The one module that may turn a name that somebody gave into a place in an object. */
export const BY_NAME = 'events/by-name.ts'

/** AssemblyScript, which has no objects that inherit. */
const ASSEMBLY = /^dynamics\/kernels\/wasm\/assembly\//

export interface NameViolation {
  readonly path: string
  readonly line: number
  readonly found: string
}

/**
 * Every place where a text that may be anything is looked up or put in an object by itself, which answers `constructor` and
 * the like with what every object inherits.
 *
 * It takes types to tell a name from a number, so the files are checked together; packages are left out of it.
 */
export function namesLookedUp(files: readonly SourceFile[]): readonly NameViolation[] {
  const sources = files.filter(({ path }) => path.endsWith('.ts') && !ASSEMBLY.test(path))
  const program = programOf(sources)
  const isName = nameChecker(program.getTypeChecker())
  return sources.flatMap(({ path }): readonly NameViolation[] => {
    const tree = program.getSourceFile(pathOf(path))
    if (tree === undefined) throw new Error(`${path} was not read`)
    if (path === BY_NAME) return []
    const found: NameViolation[] = []
    const visit = (node: ts.Node): void => {
      if (isLookUp(node, isName)) {
        const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
        found.push({ path, line, found: node.getText(tree).slice(0, 60) })
      }
      ts.forEachChild(node, visit)
    }
    visit(tree)
    return found
  })
}

type IsName = (node: ts.Node) => boolean

function isLookUp(node: ts.Node, isName: IsName): boolean {
  if (ts.isElementAccessExpression(node)) return isName(node.argumentExpression) || isForced(node.argumentExpression)
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.InKeyword && isName(node.left)
  if (!ts.isBindingElement(node) || node.propertyName === undefined) return false
  return ts.isComputedPropertyName(node.propertyName) && isName(node.propertyName.expression)
}

/** `table[text as keyof typeof table]`: whether it is a key is what nobody has asked. */
function isForced(key: ts.Expression): boolean {
  return ts.isAsExpression(key) && key.type.kind !== ts.SyntaxKind.NumberKeyword
}

function nameChecker(checker: ts.TypeChecker): IsName {
  const isText = (type: ts.Type): boolean => {
    if (type.isUnionOrIntersection()) return type.types.some(isText)
    if ((type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) !== 0) return true
    if ((type.flags & ts.TypeFlags.TypeParameter) === 0) return false
    const bound = checker.getBaseConstraintOfType(type)
    return bound !== undefined && isText(bound)
  }
  return (node) => isText(checker.getTypeAtLocation(node))
}

const ROOT = '/src'
const pathOf = (path: string) => `${ROOT}/${path}`

function programOf(files: readonly SourceFile[]): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
  }
  const texts = new Map(files.map(({ path, text }) => [pathOf(path), text]))
  const host = ts.createCompilerHost(options)
  const { readFile } = host
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone
  host.fileExists = (path) => texts.has(path)
  // What is not among them is a library of the language.
  host.readFile = (path) => texts.get(path) ?? readFile(path)
  host.resolveModuleNameLiterals = (literals, importer) =>
    literals.map(({ text }) => {
      const path = posix.join(posix.dirname(importer), text.replace(/\.js$/, '.ts'))
      if (!text.startsWith('.') || !texts.has(path)) return { resolvedModule: undefined }
      return { resolvedModule: { resolvedFileName: path, extension: ts.Extension.Ts } }
    })
  return ts.createProgram([...texts.keys()], options, host)
}
