// Puts the declarations that the package ships into dist/types/: those of its entries, and whatever they name.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'

const TYPES = 'dist/types/'
/** `from './a.js'`, `import './a.js'` and `import('./a.js')`. */
const NAMED = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g

/** @param exports of package.json, whose types are in dist/types/ */
export function publishDeclarations(dist, exports) {
  const built = Object.keys(JSON.parse(readFileSync(new URL('entries.json', import.meta.url), 'utf8')))
  const isBuilt = (entry) => built.some((name) => entry.default === `./dist/bundle/${name}.js`)
  const entries = Object.values(exports)
    .filter(isBuilt)
    .map(({ types }) => types)
  const met = new Set(entries.map((path) => resolve(dist, path.slice(`./${TYPES}`.length))))
  for (const file of met) {
    for (const [, named] of readFileSync(file, 'utf8').matchAll(NAMED))
      met.add(resolve(dirname(file), named.replace(/\.js$/, '.d.ts')))
    const copy = resolve(dist, 'types', relative(dist, file))
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(file, copy)
  }
}
