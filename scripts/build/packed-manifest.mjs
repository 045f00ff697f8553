import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { WORKPLACE } from './write-changed.mjs'

/** Holds package.json while it is packed without `prepare`. */
const KEPT = `${WORKPLACE}package.json`

/**
 * Takes `prepare` out of package.json, so that the package is packed without it: npm names it as a script that was not run
 * when a package is installed from a file or from git, and there is nothing left to build there.
 */
export function takePrepare(root) {
  restoreManifest(root)
  const text = readFileSync(`${root}package.json`, 'utf8')
  mkdirSync(WORKPLACE, { recursive: true })
  writeFileSync(KEPT, text)
  writeFileSync(`${root}package.json`, withoutPrepare(text))
}

/** Puts package.json back as it was before `takePrepare`, unless it was edited since. */
export function restoreManifest(root) {
  if (!existsSync(KEPT)) return
  const kept = readFileSync(KEPT, 'utf8')
  if (readFileSync(`${root}package.json`, 'utf8') === withoutPrepare(kept)) writeFileSync(`${root}package.json`, kept)
  rmSync(KEPT)
}

function withoutPrepare(text) {
  const manifest = JSON.parse(text)
  const { prepare: _, ...scripts } = manifest.scripts
  return `${JSON.stringify({ ...manifest, scripts }, null, 2)}\n`
}
