import ts from 'typescript'

/** The runtime shows the line of a program that raised an error which nobody caught, unless this stands in it. */
// A line may end with a division.
const MARK = ' //node-do-not-add-exception-line'

/** What raises or makes an error. */
const RAISES = /\bthrow\b|\bnew [\w$]*Error\b|\bnew this\b/

/** The text of a bundle in which lines that raise errors say so: nobody is shown lines without blanks and comments. */
export function markThrowingLines(text) {
  const inside = linesEndingInside(text)
  const lines = text.split('\n')
  return lines.map((line, k) => (RAISES.test(line) && !inside.has(k) ? `${line}${MARK}` : line)).join('\n')
}

/** The lines that end within a text, where a comment would be a part of it. */
function linesEndingInside(text) {
  const tree = ts.createSourceFile('bundle.js', text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS)
  const found = new Set()
  const visit = (node) => {
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) {
      const [first, last] = [node.getStart(tree), node.end].map(
        (place) => tree.getLineAndCharacterOfPosition(place).line,
      )
      for (let line = first; line < last; line++) found.add(line)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}
