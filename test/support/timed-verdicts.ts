import ts from 'typescript'
import { parseSource } from './parse-source.js'
import type { SourceFile } from './source-tree.js'

/** What would make the verdict of a test depend on how busy the machine is. */
export const TIMED_RULES = ['test-timeout', 'test-clock', 'test-retry'] as const
export type TimedRule = (typeof TIMED_RULES)[number]

/** A place in a test that lets the clock decide. */
export interface TimedVerdict {
  readonly rule: TimedRule
  readonly path: string
  readonly line: number
  readonly found: string
}

/** What may read the clock: the clock of real links, and what keeps a thread busy for a while. Neither judges. */
const CLOCKS = new Set(['streams/links/real-clock.ts', 'support/busy-for.ts'])

/** What registers tests and hooks. */
const REGISTERS = /^(test|it|describe|bench|beforeAll|beforeEach|afterAll|afterEach|onTestFinished)$/

/** Waits that give up after a while of their own. */
const IMPATIENT = /^(vi\.(waitFor|waitUntil|setConfig)|expect\.poll)$/

/** Every time limit of a single test, every clock and every second attempt in the tests. */
export function findTimedVerdicts(files: readonly SourceFile[]): TimedVerdict[] {
  return files.flatMap((file) => {
    const found: TimedVerdict[] = []
    parseSource(file).walk((node, line) => {
      const rule = ruleBrokenBy(node, file.path)
      if (rule !== null) found.push({ rule, path: file.path, line: line(), found: node.getText().slice(0, 60) })
    })
    return found
  })
}

function ruleBrokenBy(node: ts.Node, path: string): TimedRule | null {
  if (isNamed(node, /^(timeout|testTimeout|hookTimeout)$/)) return 'test-timeout'
  if (isNamed(node, /^retry$/)) return 'test-retry'
  if (ts.isCallExpression(node) && (isLimited(node) || isImpatient(node))) return 'test-timeout'
  return !CLOCKS.has(path) && readsClock(node) ? 'test-clock' : null
}

/** A field of an object literal, written out or short. */
function isNamed(node: ts.Node, name: RegExp): boolean {
  const isField = ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)
  return isField && (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) && name.test(node.name.text)
}

/** `test(name, body, limit)`, also of what `test.each(…)` returns. */
function isLimited(call: ts.CallExpression): boolean {
  if (!REGISTERS.test(rootOf(call.expression))) return false
  const body = call.arguments.findIndex((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each))
  return body >= 0 && body < call.arguments.length - 1
}

function isImpatient({ expression }: ts.CallExpression): boolean {
  return IMPATIENT.test(expression.getText())
}

/** `test` of `test`, `test.each(…)` and `test.skip.each(…)`. */
function rootOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text
  const isChain = ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)
  return isChain ? rootOf(node.expression) : ts.isTaggedTemplateExpression(node) ? rootOf(node.tag) : ''
}

/** `Date.now()`, `new Date()`, `performance.now()`, `process.hrtime()` and `process.uptime()`. */
function readsClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0
  if (!ts.isPropertyAccessExpression(node)) return false
  const [object, member] = [node.expression.getText().replace(/^globalThis\./, ''), node.name.text]
  if (object === 'Date' || object === 'performance') return member === 'now'
  return object === 'process' && (member === 'hrtime' || member === 'uptime')
}
