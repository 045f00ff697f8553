import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** In the environment of whatever this process starts, and of what that starts. */
const MARK = 'ANTIDROME_TEST_PROCESS'

/** Files of tests that follow each other in one process share its guard. */
const shared = globalThis as { antidromeGuard?: Guard | null }
if (shared.antidromeGuard === undefined) shared.antidromeGuard = process.platform === 'linux' ? startGuard() : null

/** The guard of this process; null where there is none. */
export const guard: Guard | null = shared.antidromeGuard

interface Guard {
  readonly pid: number
  /** Stands in the environment of everything that this process starts, directly or not, but for the guard. */
  readonly mark: string
}

/**
 * From here on nothing outlives this process: when it ends, whatever ends it, a process of its own kills everything that
 * has been started here, directly or not, and removes the folder that is the temporary one meanwhile. Import it before
 * processes are started.
 */
function startGuard(): Guard {
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-'))
  const mark = randomUUID()
  // Whoever guards this process guards what it starts, too.
  const { [MARK]: outer = '', ...environment } = process.env
  const entry = fileURLToPath(new URL('./guard-process.mjs', import.meta.url))
  const argv = [entry, MARK, mark, folder, String(process.pid), String(process.ppid)]
  // Out of reach of the terminal, and without a mark.
  const stdio: ['pipe', 'ignore', 'ignore'] = ['pipe', 'ignore', 'ignore']
  const child = spawn(process.execPath, argv, { stdio, env: environment, detached: true })
  child.unref()
  const held = child.stdin as Socket
  held.unref()
  held.on('error', () => undefined)
  process.env[MARK] = `${outer} ${mark}`
  process.env.TMPDIR = folder
  return { pid: child.pid ?? -1, mark }
}
