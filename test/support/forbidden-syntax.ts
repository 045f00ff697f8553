import ts from 'typescript'
import { importsWriter } from './output-writers.js'
import type { ParsedSource } from './parse-source.js'
import { bypassesTerminal } from './terminal-writers.js'
import type { Rule, Violation } from './violation.js'

/** The only places that ask for modules of Node.js without an import: synchronous calls that do without in a browser. */
const BUILTINS = /^(actors\/transport|actors\/session\/prepared-tasks|data\/recordings\/sha256)\.ts$/

/** Where every bit must be our own. */
const OWN_ARITHMETIC = /^(numerics|dynamics|learning)\/|^network\/(draw|initializers?)(\/|\.ts$)/

/** Members of Math that IEEE 754 or ECMAScript define to the last bit. */
const EXACT_MATH = new Set(
  ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt', 'trunc'].concat([
    'E',
    'LN10',
    'LN2',
    'LOG10E',
    'LOG2E',
    'PI',
    'SQRT1_2',
    'SQRT2',
  ]),
)

/** The names AssemblyScript has for it, too. */
const MATH = /^(Native|JS)?Mathf?$/

/** AssemblyScript, whose globals belong to an instance, not to a module. */
const INSTANCE_STATE = /^dynamics\/kernels\/wasm\/assembly\//

/** The only places that may read a clock. */
const CLOCK = /^cli\/|^streams\/system-clock\.ts$|^actors\/supervision(\/|\.ts$|-)/

/** The only places that may set a timer; elsewhere limits are waits (`startWaiting`), in which the time asleep does not count. */
const TIMER = /^cli\/|^streams\/system-clock\.ts$/

/** Presets name the program that makes the data they are for. */
const PACKED_TEXTS = /\/packaged-texts\.ts$/

const UNPACKED = /(?<![\w/])((docs|demos|bench|scripts|test|results)\/[\w./-]*\w|(CONTRIBUTING|SECURITY)\.md)/

/** Everything inside one file that its place forbids. */
export function forbiddenSyntax(source: ParsedSource): Violation[] {
  const { path } = source
  const checks = [
    checkRandom,
    ...(BUILTINS.test(path) ? [] : [checkBuiltin]),
    ...(CLOCK.test(path) ? [] : [checkClock]),
    ...(TIMER.test(path) ? [] : [checkTimer]),
    ...(OWN_ARITHMETIC.test(path) ? [checkArithmetic] : []),
    checkDefaultExport,
    checkAny,
    ...(INSTANCE_STATE.test(path) ? [] : [checkModuleState]),
    (node: ts.Node): Rule | null => (importsWriter(node, path) ? 'output' : null),
    (node: ts.Node): Rule | null => (bypassesTerminal(node, path) ? 'terminal' : null),
    checkErrorName,
    ...(PACKED_TEXTS.test(path) ? [] : [checkUnpackedFile]),
  ]
  const found: Violation[] = []
  source.walk((node, line) => {
    for (const check of checks) {
      const rule = check(node)
      if (rule !== null) found.push({ rule, path, line: line(), found: node.getText().slice(0, 60) })
    }
  })
  return found
}

function checkRandom(node: ts.Node): Rule | null {
  // Math handed on as a value could be asked for anything.
  if (isGlobal(node, 'Math') && !isAsked(node)) return 'random'
  const asked = memberOf(node)
  if (asked === null) return null
  if (asked.object === 'Math' && (asked.member === 'random' || asked.member === null)) return 'random'
  return asked.member === 'getRandomValues' || asked.member === 'randomUUID' ? 'random' : null
}

function checkBuiltin(node: ts.Node): Rule | null {
  return ts.isIdentifier(node) && node.text === 'getBuiltinModule' ? 'node' : null
}

function checkClock(node: ts.Node): Rule | null {
  if (isGlobal(node, 'Date') && !isAsked(node) && !ts.isTypeReferenceNode(node.parent)) return 'clock'
  const asked = memberOf(node)
  if (asked?.object === 'Date' && asked.member !== 'UTC' && asked.member !== 'parse') return 'clock'
  return asked?.object === 'performance' || asked?.member === 'hrtime' ? 'clock' : null
}

/** What is awaited is a pause, not a limit. */
function checkTimer(node: ts.Node): Rule | null {
  if (!ts.isCallExpression(node) || ts.isAwaitExpression(node.parent)) return null
  return /^(globalThis\.)?set(Timeout|Interval)$/.test(node.expression.getText()) ? 'clock' : null
}

function checkArithmetic(node: ts.Node): Rule | null {
  const asked = memberOf(node)
  if (asked !== null && MATH.test(asked.object)) return EXACT_MATH.has(asked.member ?? '') ? null : 'arithmetic'
  if (!ts.isBinaryExpression(node)) return null
  const { operatorToken, left, right } = node
  if (operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken) return 'arithmetic'
  if (operatorToken.kind !== ts.SyntaxKind.AsteriskAsteriskToken) return null
  return left.getText() === '2' && /^-?\d+$/.test(right.getText()) ? null : 'arithmetic'
}

function checkDefaultExport(node: ts.Node): Rule | null {
  const isDefault =
    ts.isExportAssignment(node) ||
    node.kind === ts.SyntaxKind.DefaultKeyword ||
    (ts.isExportSpecifier(node) && node.name.text === 'default')
  return isDefault ? 'default-export' : null
}

function checkAny(node: ts.Node): Rule | null {
  return node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : null
}

/** A variable that can be assigned, or a collection that starts empty: nobody fills it but a function, later. */
function checkModuleState(node: ts.Node): Rule | null {
  if (!ts.isVariableStatement(node) || !ts.isSourceFile(node.parent)) return null
  const { declarationList } = node
  if ((declarationList.flags & ts.NodeFlags.Const) === 0) return 'module-state'
  return declarationList.declarations.some(({ initializer }) => isEmptyCollection(initializer)) ? 'module-state' : null
}

function isEmptyCollection(node: ts.Expression | undefined): boolean {
  if (node === undefined || !ts.isNewExpression(node)) return false
  return /^(Weak)?(Map|Set)$/.test(node.expression.getText()) && (node.arguments ?? []).length === 0
}

/** The build shortens names of classes; errors have to have theirs, also where a user reads them. */
function checkErrorName(node: ts.Node): Rule | null {
  if (!ts.isClassDeclaration(node) || node.heritageClauses === undefined) return null
  const parent = node.heritageClauses[0]?.types[0]?.expression.getText() ?? ''
  if (!/^(Antidrome|Input|Run|Internal|Link)Error$/.test(parent)) return null
  const stated = node.members.some((member) => {
    const isName = ts.isPropertyDeclaration(member) && member.name.getText() === 'name'
    return isName && member.getText().startsWith('static ') && member.initializer?.getText() === `'${node.name?.text}'`
  })
  return stated ? null : 'error-name'
}

/** A text that a user may read and that names a file of the repository which the package does not have. */
function checkUnpackedFile(node: ts.Node): Rule | null {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateLiteralToken(node)) return null
  return UNPACKED.test(node.text) ? 'unpacked-file' : null
}

/** What `object.member` or `object['member']` asks for; member null if it is computed. */
function memberOf(node: ts.Node): { readonly object: string; readonly member: string | null } | null {
  if (ts.isPropertyAccessExpression(node)) return { object: lastName(node.expression), member: node.name.text }
  if (!ts.isElementAccessExpression(node)) return null
  const { argumentExpression: key } = node
  return { object: lastName(node.expression), member: ts.isStringLiteralLike(key) ? key.text : null }
}

/** `Math` of `Math` and of `globalThis.Math`. */
function lastName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text
  return ts.isPropertyAccessExpression(node) ? node.name.text : ''
}

function isGlobal(node: ts.Node, name: string): node is ts.Identifier {
  return ts.isIdentifier(node) && node.text === name
}

/** Whether an identifier stands left of a dot or bracket, by itself or behind `globalThis`. */
function isAsked(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return isAsked(parent)
  const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)
  return isAccess && parent.expression === node
}
