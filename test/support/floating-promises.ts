import ts from 'typescript'

/** A statement that drops a promise: whoever rejects it is not heard, and nobody waits for it. */
export interface FloatingPromise {
  readonly path: string
  readonly line: number
  readonly found: string
}

/** The program of some files and of others, `planted`, that exist by their texts alone. */
export function createProgramOf(
  files: readonly string[],
  options: ts.CompilerOptions,
  planted: ReadonlyMap<string, string>,
): ts.Program {
  const host = ts.createCompilerHost(options, true)
  return ts.createProgram([...files, ...planted.keys()], options, {
    ...host,
    fileExists: (file) => planted.has(file) || host.fileExists(file),
    getSourceFile(file, language, ...others) {
      const text = planted.get(file)
      if (text !== undefined) return ts.createSourceFile(file, text, language, true)
      const version = typeof language === 'object' ? language : { languageVersion: language }
      // Types in comments, too, take time to parse.
      const parsing = { ...version, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }
      return host.getSourceFile(file, parsing, ...others)
    },
  })
}

/**
 * The statements of some files that drop a promise, or an array of them. Handled is what is awaited, told to be dropped
 * (`void`), or has somebody for its rejection: `catch(handler)`, `then(handler, handler)`, and either with `finally`.
 */
export function findFloatingPromises(program: ts.Program, isLooked: (file: string) => boolean): FloatingPromise[] {
  const checker = program.getTypeChecker()
  return program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && isLooked(fileName))
    .flatMap((file) => {
      return statementsOf(file)
        .flatMap(({ expression }) => valuesOf(expression))
        .filter((value) => !isHandled(value) && mayReturnPromise(value, checker))
        .filter((value) => isPromise(checker.getTypeAtLocation(value), checker))
        .map((value) => {
          const line = file.getLineAndCharacterOfPosition(value.getStart(file)).line + 1
          return { path: file.fileName, line, found: value.getText(file).slice(0, 60) }
        })
    })
}

function statementsOf(file: ts.SourceFile): ts.ExpressionStatement[] {
  const found: ts.ExpressionStatement[] = []
  const step = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node)) found.push(node)
    ts.forEachChild(node, step)
  }
  step(file)
  return found
}

const CHOICES = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.CommaToken,
]

/** What a statement may come to and drop. */
function valuesOf(expression: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(expression)) return valuesOf(expression.expression)
  if (ts.isConditionalExpression(expression))
    return [...valuesOf(expression.whenTrue), ...valuesOf(expression.whenFalse)]
  if (ts.isBinaryExpression(expression)) {
    const { operatorToken, left, right } = expression
    return CHOICES.includes(operatorToken.kind) ? [...valuesOf(left), ...valuesOf(right)] : []
  }
  return ts.isAwaitExpression(expression) || ts.isVoidExpression(expression) ? [] : [expression]
}

/** Whether a chain of calls says what becomes of a rejection. */
function isHandled(value: ts.Expression): boolean {
  if (!ts.isCallExpression(value) || !ts.isPropertyAccessExpression(value.expression)) return false
  const { name, expression } = value.expression
  const { length } = value.arguments
  if (name.text === 'finally') return isHandled(expression)
  return (name.text === 'catch' && length >= 1) || (name.text === 'then' && length >= 2)
}

/** Without a look at arguments, whose functions take long to check. */
function mayReturnPromise(value: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!ts.isCallExpression(value)) return true
  if (isExpectation(value)) return false
  const results = partsOf(checker.getTypeAtLocation(value.expression))
    .flatMap((type) => type.getCallSignatures())
    .map((signature) => signature.getReturnType())
  return results.some((type) => isPromise(type, checker, ts.TypeFlags.Instantiable))
}

/** `expect(value).toBe(…)`; one that waits says `resolves`, `rejects` or `poll`. */
function isExpectation(value: ts.Expression): boolean {
  if (ts.isCallExpression(value))
    return (ts.isIdentifier(value.expression) && value.expression.text === 'expect') || isExpectation(value.expression)
  if (!ts.isPropertyAccessExpression(value)) return false
  return !['resolves', 'rejects', 'poll'].includes(value.name.text) && isExpectation(value.expression)
}

/** A promise, or an array of them; `others` are the kinds of types that count as one, too. */
function isPromise(type: ts.Type, checker: ts.TypeChecker, others = 0): boolean {
  return partsOf(type).some((part) => {
    if ((part.flags & others) !== 0) return true
    if ((part.flags & ts.TypeFlags.Object) === 0) return false
    if (checker.isArrayType(part) || checker.isTupleType(part))
      return checker.getTypeArguments(part as ts.TypeReference).some((element) => isPromise(element, checker, others))
    const then = checker.getPropertyOfType(part, 'then')
    return then !== undefined && checker.getTypeOfSymbol(then).getCallSignatures().length > 0
  })
}

const partsOf = (type: ts.Type) => (type.isUnionOrIntersection() ? type.types : [type])
