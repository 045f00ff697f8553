import ts from 'typescript'

/** The runtime shows the line of a program that raised an uncaught error, unless this stands in it. */
const MARK = 'node-do-not-add-exception-line'

/** The text of a bundle with the mark in every line that does not begin and end within texts: no minified line is shown. */
export function markLines(text) {
  const inside = linesEndingInside(text)
  const marked = (line, k) => {
    if (line === '') return line
    // A line may end with a division.
    if (!inside.has(k)) return `${line} //${MARK}`
    return inside.has(k - 1) ? line : `/*${MARK}*/${line}`
  }
  return text.split('\n').map(marked).join('\n')
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
