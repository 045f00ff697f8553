import ts from 'typescript'

/** The files that write to a standard stream of their process; of all others, text goes through these. */
const WRITERS = new Set(['cli/terminal.ts', 'cli/standard-streams.ts', 'actors/supervision/last-output.ts'])

/** Where a text becomes one that may be shown. */
const MAKERS = new Set(['cli/shown.ts', 'cli/table.ts'])

/** Whose texts have line breaks of their own: they are made of words of ours, and of names that are checked when they are read. */
const OF_OWN_LINES = new Set([
  'cli/shown.ts',
  'cli/report-error.ts',
  'cli/configure-command.ts',
  'cli/chip/each-profile.ts',
  'cli/chip/words/placement-table.ts',
  'cli/chip/words/report-table.ts',
])

/** Who hands data on as it is, and who draws bars. */
const DATA = 'cli/outputs/outputs.ts'
const BARS = 'cli/train/create-training-display.ts'

/** What writes to whatever a number stands for. */
const OF_DESCRIPTORS = new Set(['write', 'writeSync', 'writev', 'writevSync'])

const STREAMS = new Set(['stdout', 'stderr'])

/** Whether a node writes to the terminal past the functions that have everything seen, bounded and on lines of ours. */
export function bypassesTerminal(node: ts.Node, path: string): boolean {
  if (WRITERS.has(path)) return false
  return (
    asksProcess(node) ||
    takesProcess(node) ||
    isConsole(node) ||
    importsStream(node, path) ||
    declaresShown(node, path) ||
    printsData(node, path) ||
    usesScreen(node, path)
  )
}

/** `process.stdout`, or a member of it that is computed. */
function asksProcess(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && STREAMS.has(node.name.text)
  if (!ts.isElementAccessExpression(node) || !isProcess(node.expression)) return false
  return !ts.isStringLiteralLike(node.argumentExpression) || STREAMS.has(node.argumentExpression.text)
}

/** `const { stdout } = process`, and a name of another kind for all of it. */
function takesProcess(node: ts.Node): boolean {
  if (!ts.isVariableDeclaration(node) || node.initializer === undefined || !isProcess(node.initializer)) return false
  if (!ts.isObjectBindingPattern(node.name)) return true
  return node.name.elements.some(({ propertyName, name, dotDotDotToken }) => {
    return dotDotDotToken !== undefined || STREAMS.has((propertyName ?? name).getText())
  })
}

function isProcess(node: ts.Expression): boolean {
  return /^(globalThis\.)?process$/.test(node.getText())
}

function isConsole(node: ts.Node): boolean {
  if (!ts.isIdentifier(node) || node.text !== 'console') return false
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.getText() === 'globalThis'
  return !ts.isPropertyAssignment(parent) && !ts.isPropertySignature(parent)
}

function importsStream(node: ts.Node, path: string): boolean {
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteralLike(node.moduleSpecifier)) return false
  const { text } = node.moduleSpecifier
  const bindings = node.importClause?.namedBindings
  const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : null
  const isNamed = (wanted: ReadonlySet<string>) => {
    return names === null || names.some(({ propertyName, name }) => wanted.has((propertyName ?? name).text))
  }
  if (/^(node:)?console$/.test(text)) return true
  if (/^(node:)?process$/.test(text)) return isNamed(STREAMS)
  // Storage writes to files by their descriptors, and the gate of outputs keeps the whole module from the command.
  if (/^(node:)?fs$/.test(text))
    return !(names === null ? /^(storage|cli)\//.test(path) : path.startsWith('storage/')) && isNamed(OF_DESCRIPTORS)
  return /\/shown\.js$/.test(text) && !OF_OWN_LINES.has(path) && isNamed(new Set(['ownLines']))
}

/** A text that is said to be shown, whatever is in it. */
function declaresShown(node: ts.Node, path: string): boolean {
  return ts.isAsExpression(node) && node.type.getText() === 'Shown' && !MAKERS.has(path)
}

function printsData(node: ts.Node, path: string): boolean {
  if (!ts.isCallExpression(node) || !path.startsWith('cli/') || path === DATA) return false
  const [, as, ...more] = node.arguments
  return as !== undefined && more.length === 0 && ts.isStringLiteralLike(as) && as.text === 'data'
}

/** Whether a person watches may be asked everywhere. */
function usesScreen(node: ts.Node, path: string): boolean {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'screen' || path === BARS) return false
  return !(ts.isBinaryExpression(node.parent) && node.parent.right.kind === ts.SyntaxKind.NullKeyword)
}
