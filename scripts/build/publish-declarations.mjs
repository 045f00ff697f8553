// Puts the declarations that the package ships into dist/types/: those of its entries, and whatever they name.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import ts from 'typescript'

const TYPES = 'dist/types/'

/** @param exports of package.json, whose types are in dist/types/ */
export function publishDeclarations(dist, exports) {
  const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : [entry.types]))
  const met = new Set(entries.map((path) => resolve(dist, path.slice(`./${TYPES}`.length))))
  for (const file of met) {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'))
    for (const { fileName } of importedFiles)
      if (fileName.startsWith('.')) met.add(resolve(dirname(file), fileName.replace(/\.js$/, '.d.ts')))
    const copy = resolve(dist, 'types', relative(dist, file))
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(file, copy)
  }
}
