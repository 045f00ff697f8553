import { Command } from 'commander'
import { chooseKernels, type KernelChoice } from '../../dynamics/kernels/choose-kernel.js'
import { DEFAULT_KERNEL } from '../../dynamics/kernels/kernel-kind.js'
import { memoryNeeds } from '../../dynamics/kernels/memory-needs.js'
import { RunError } from '../../events/errors.js'
import { someText } from '../../network/reading/flag-values.js'
import { requireJoinFlags } from '../join/join-flags.js'
import { readJoin } from '../join/read-join.js'
import { networkOf } from '../place/place-network.js'
import { joined, jsonLines, type Shown, shown, shownLines } from '../shown.js'
import { simulationTaskNames } from '../simulation-tasks.js'
import { formatTable } from '../table.js'
import { taskNames } from '../tasks.js'
import type { Terminal } from '../terminal.js'
import { bytesInWords } from './byte-count.js'
import { addDoctorFlags, type DoctorFlags, readWishes, refuseOthers } from './doctor-flags.js'
import { runJoinChecks } from './join/join-checks.js'
import type { SelfCheck } from './self-check.js'
import { runSelfChecks } from './self-checks.js'

/**
 * `antidrome doctor [task|network]`: whether this machine, or a server and its workers, have what antidrome needs; or what
 * computes each group of a network, and why.
 */
export function doctorCommand(terminal: Terminal): Command {
  const command = new Command('doctor')
    .description(
      'Check that this machine has what antidrome needs: versions, arithmetic, byte order, a place to write. With --join: that a NATS server and its workers have it: names, certificates, rights, versions, clocks. With a network: which kernel runs each group, what keeps it from a quicker one, and how much memory it needs at the least.',
    )
    .argument(
      '[task|network]',
      `network file, folder of a run, or a task: ${[...taskNames(), ...simulationTaskNames()].join(', ')} (default: none)`,
      someText('task|network', 'a task, a file or a folder'),
    )
  return addDoctorFlags(command).action((name: string | undefined, flags: DoctorFlags) => {
    refuseOthers(name, flags)
    return name === undefined ? checkNeeds(flags, terminal) : tellKernels(name, flags, terminal)
  })
}

async function tellKernels(name: string, flags: DoctorFlags, terminal: Terminal): Promise<void> {
  requireJoinFlags(flags)
  const network = await networkOf(name, flags)
  const whole = network.groups.map(({ name: group, size }) => ({ group, start: 0, end: size }))
  const needs = new Map(memoryNeeds(network, DEFAULT_KERNEL, whole).map(({ group, all }) => [group, Math.ceil(all)]))
  const kernels = chooseKernels(network).map((choice) => ({ ...choice, memory: needs.get(choice.group) ?? 0 }))
  terminal.out(flags.json ? jsonLines(kernels) : formatKernels(kernels))
}

async function checkNeeds(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const wishes = readWishes(flags)
  const { join, json } = flags
  const checks =
    join === undefined ? await runSelfChecks() : await runJoinChecks(await readJoin({ ...flags, join }), wishes)
  terminal.out(json ? jsonLines(checks) : tableOf(checks))
  const failed = checks.filter(({ ok }) => !ok).map(({ check }) => check)
  if (failed.length === 0) return
  throw new RunError({
    code: 'SELF_CHECK_FAILED',
    message: `These checks failed: ${failed.join(', ')}.`,
    details: { failed: failed.length },
  })
}

function tableOf(checks: readonly SelfCheck[]): Shown {
  const rows = checks.map(({ check, ok, found, expected }) => [check, ok ? 'ok' : `expected ${expected}`, found])
  const remedies = checks.flatMap(({ check, remedy }) => (remedy === undefined ? [] : [`${check}: ${remedy}`]))
  const table = formatTable(['check', 'result', 'found'], rows)
  return remedies.length === 0 ? table : joined([table, shown`\n`, shownLines(remedies)])
}

/** What computes a group of neurons, and the bytes that it needs at the least. */
interface KernelNeed extends KernelChoice {
  readonly memory: number
}

/** What computes each group of neurons, with a line for each reason. */
function formatKernels(kernels: readonly KernelNeed[]): Shown {
  const rows = kernels.flatMap(({ group, engine, feed, memory, reasons }) => {
    const [first = '', ...more] = reasons
    return [[group, engine, feed ?? '', bytesInWords(memory), first], ...more.map((why) => ['', '', '', '', why])]
  })
  return formatTable(['group', 'engine', 'feed', 'memory', 'why'], rows)
}
