import { Command } from 'commander'
import { RunError } from '../../events/errors.js'
import { formatJson } from '../../storage/format-json.js'
import { readJoin } from '../join/read-join.js'
import { formatTable } from '../table.js'
import type { Terminal } from '../terminal.js'
import { addDoctorFlags, type DoctorFlags, readWishes } from './doctor-flags.js'
import { runJoinChecks } from './join/join-checks.js'
import type { SelfCheck } from './self-check.js'
import { runSelfChecks } from './self-checks.js'

/** `antidrome doctor`: whether this machine, or a server and its workers, have what antidrome needs. */
export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor').description(
    'Check that this machine has what antidrome needs: versions, arithmetic, byte order, a place to write. With --join: that a NATS server and its workers have it: names, certificates, rights, versions, clocks.',
  )
  return addDoctorFlags(command).action((flags: DoctorFlags) => doctor(flags, terminal))
}

async function doctor(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const wishes = readWishes(flags)
  const { join, json } = flags
  const checks =
    join === undefined ? await runSelfChecks() : await runJoinChecks(await readJoin({ ...flags, join }), wishes)
  terminal.out(json ? checks.map((check) => `${formatJson(check)}\n`).join('') : tableOf(checks))
  const failed = checks.filter(({ ok }) => !ok).map(({ check }) => check)
  if (failed.length === 0) return
  throw new RunError({
    code: 'SELF_CHECK_FAILED',
    message: `These checks failed: ${failed.join(', ')}.`,
    details: { failed: failed.length },
  })
}

function tableOf(checks: readonly SelfCheck[]): string {
  const rows = checks.map(({ check, ok, found, expected }) => [check, ok ? 'ok' : `expected ${expected}`, found])
  const remedies = checks.flatMap(({ check, remedy }) => (remedy === undefined ? [] : [`${check}: ${remedy}\n`]))
  return formatTable(['check', 'result', 'found'], rows) + (remedies.length === 0 ? '' : `\n${remedies.join('')}`)
}
