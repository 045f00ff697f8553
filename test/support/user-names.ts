import ts from 'typescript'

/** The one module that may turn a name that somebody gave into a place in an object. */
export const BY_NAME = 'events/by-name.ts'

export interface NameViolation {
  readonly path: string
  readonly line: number
  readonly found: string
}

/**
 * Every place where a text that may be anything is looked up or put in an object by itself, which answers `constructor` and
 * the like with what every object inherits. It takes types to tell a name from a number.
 */
export function namesLookedUp(program: ts.Program, isLooked: (file: string) => boolean): readonly NameViolation[] {
  const isName = nameChecker(program.getTypeChecker())
  const trees = program.getSourceFiles().filter(({ fileName }) => isLooked(fileName) && !fileName.endsWith(BY_NAME))
  return trees.flatMap((tree): readonly NameViolation[] => {
    const found: NameViolation[] = []
    const visit = (node: ts.Node): void => {
      if (isLookUp(node, isName)) {
        const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
        found.push({ path: tree.fileName, line, found: node.getText(tree).slice(0, 60) })
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
