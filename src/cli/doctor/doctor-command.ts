import { Command } from 'commander'
import { RunError } from '../../events/errors.js'
import { formatJson } from '../../storage/format-json.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { runSelfChecks } from './self-checks.js'

/** `antidrome doctor`: whether this machine has what antidrome needs. */
export function doctorCommand(terminal: Terminal): Command {
  return new Command('doctor')
    .description(
      'Check that this machine has what antidrome needs: versions, arithmetic, byte order, a place to write.',
    )
    .action((flags: { readonly json: boolean }) => doctor(flags, terminal))
}

async function doctor({ json }: { readonly json: boolean }, terminal: Terminal): Promise<void> {
  const checks = await runSelfChecks()
  if (json) for (const check of checks) terminal.out(`${formatJson(check)}\n`)
  else {
    const rows = checks.map(({ check, ok, found, expected }) => [check, ok ? 'ok' : `expected ${expected}`, found])
    terminal.out(formatTable(['check', 'result', 'found'], rows))
  }
  const failed = checks.filter(({ ok }) => !ok).map(({ check }) => check)
  if (failed.length === 0) return
  throw new RunError({
    code: 'SELF_CHECK_FAILED',
    message: `These checks failed: ${failed.join(', ')}.`,
    details: { failed: failed.length },
  })
}
