// The command file needs its executable bit for `npx antidrome` inside a clone.
import { chmodSync } from 'node:fs'

chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755)
