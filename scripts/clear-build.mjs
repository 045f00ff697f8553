// Files of deleted sources must not stay in the build, and what is built then is no longer what ready.mjs has built.
import { rmSync } from 'node:fs'

for (const path of ['../dist', '../node_modules/.antidrome-build'])
  rmSync(new URL(path, import.meta.url), { recursive: true, force: true })
