import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Fingerprints = { readonly fingerprint: (root: string) => string }

const ROOT = new URL('../../', import.meta.url)
export const { fingerprint } = (await import(new URL('scripts/build/fingerprint.mjs', ROOT).href)) as Fingerprints

/** In the environment where sources differ from what is built on purpose. */
export const STALE_BUILD = 'ANTIDROME_STALE_BUILD'

/** Repositories whose build was found to be fresh: one process runs many files of tests. */
const fresh = new Set<string>()

/** The address of a file in `dist`. Raises an error where `requireFreshBuild` does. */
export function builtFile(path: string): URL {
  requireFreshBuild()
  return new URL(`dist/${path}`, ROOT)
}

/** Raises an error where `dist` is not built from the sources as they are, and the environment does not allow that. */
export function requireFreshBuild(repository = ROOT, environment: NodeJS.ProcessEnv = process.env): void {
  const root = fileURLToPath(repository)
  if (environment[STALE_BUILD] !== undefined || fresh.has(root)) return
  const built = existsSync(`${root}.build/fingerprint`) ? readFileSync(`${root}.build/fingerprint`, 'utf8') : null
  if (built !== fingerprint(root)) {
    const found = built === null ? 'no build' : 'a build of other sources'
    throw new Error(`${root}dist: found ${found}, expected one of the sources as they are; run node scripts/ready.mjs`)
  }
  fresh.add(root)
}
