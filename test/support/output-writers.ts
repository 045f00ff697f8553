import ts from 'typescript'

/** The one room of the command that writes files where a command line says, and makes folders there. */
const OUTPUTS = /^cli\/outputs\//

/** What the command asks the system about files. */
const LOOKS = new Set(['Stats', 'lstat', 'readFileSync', 'readdir', 'readlink', 'readlinkSync', 'realpath', 'stat'])

/** What writes to one of its standard streams. */
const TELLS = new Set(['writeSync'])

/** Functions of `storage` that write to a path. */
const WRITERS = new Set([
  'createAtomically',
  'createGrowingFile',
  'lockFolder',
  'makeFolder',
  'openDevice',
  'saveNetwork',
  'writeAtomically',
])

/** Functions of `storage` that fill a folder by laws of their own, and who calls them: behind `Outputs.folder`. */
const FILLERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['openRun', ['cli/train/open-training-run.ts', 'cli/train/train-seeds.ts']],
  ['startRecording', ['cli/recording/record-simulation.ts']],
  ['continueRecording', ['cli/recording/record-simulation.ts']],
  ['openCheckpoints', ['cli/checkpoint/open-checkpoint-store.ts', 'cli/recording/simulation-keeper.ts']],
])

/** Whether an import of the command could write a file behind the back of the room that looks at all of them. */
export function importsWriter(node: ts.Node, path: string): boolean {
  if (!path.startsWith('cli/') || OUTPUTS.test(path)) return false
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return node.arguments.some((argument) => ts.isStringLiteralLike(argument) && isFileSystem(argument.text))
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return false
  const specifier = node.moduleSpecifier
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return false
  const names = namesOf(node)
  if (isFileSystem(specifier.text)) return names === null || names.some((name) => !isHarmless(name))
  if (!/\/storage\//.test(specifier.text)) return false
  return names === null || names.some((name) => WRITERS.has(name) || FILLERS.get(name)?.includes(path) === false)
}

function isFileSystem(specifier: string): boolean {
  return /^(node:)?fs(\/promises)?$/.test(specifier)
}

function isHarmless(name: string): boolean {
  return LOOKS.has(name) || TELLS.has(name)
}

/** The names that are imported; null for all of them. */
function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration): readonly string[] | null {
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause
  const isWhole = ts.isImportDeclaration(node) && node.importClause?.name !== undefined
  if (isWhole || bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return null
  return bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text)
}
