import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where builds keep what nobody else should see. */
export const WORKPLACE = fileURLToPath(new URL('../../.build/', import.meta.url))

/** Writes a generated source unless it is the same already: at once, as builds and type checks may be reading it. */
export function writeChanged(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  mkdirSync(WORKPLACE, { recursive: true })
  const beside = `${WORKPLACE}generated-${process.pid}`
  writeFileSync(beside, text)
  renameSync(beside, file)
}
