import { stat } from 'node:fs/promises'
import { platform } from 'node:process'
import { type Listener, warn } from '../warn.js'
import { type JoinFlags, secretsOf } from './join-flags.js'

/** All but what their owner may do. */
const OF_OTHERS = 0o077

/** Warns of files with secrets that the flags name and that others than their owner may read or change. */
export async function warnOfExposedSecrets(
  flags: JoinFlags & { readonly json?: boolean },
  terminal: Listener,
): Promise<void> {
  // Windows has no such modes.
  if (platform === 'win32') return
  for (const [flag, file] of secretsOf(flags)) {
    // One that is not there is refused when it is read.
    const found = await stat(file).catch(() => null)
    if (found === null || !found.isFile() || (found.mode & OF_OTHERS) === 0) continue
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
    warn(terminal, flags.json ?? false, {
      code: 'SECRET_EXPOSED',
      message: `${file} (${flag}) is open to others: found mode ${mode}, expected 0600. Type chmod 600 ${file}`,
    })
  }
}
