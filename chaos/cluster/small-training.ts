import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TINY_PRESET } from '../../test/cli/tiny-training.js'
import type { ManyMachines, RunningCommand } from '../../test/support/many-machines.js'

/** Three cores, so that one of four workers is free. */
const SPREAD = ['--cores', '3', '--restarts', '1000000', '--wait', '60']

/** A training whose epochs take a few hundredths of a second on workers. */
export interface SmallTraining {
  start(name: string): RunningCommand
  /** What one process comes to. */
  undisturbed(): Promise<string>
}

export function createSmallTraining(machines: ManyMachines, epochs: number, transport: string): SmallTraining {
  const preset = join(machines.folder, 'tiny.json')
  writeFileSync(preset, JSON.stringify(TINY_PRESET))
  const argv = ['train', 'temporal-patterns', '--preset', preset, '--epochs', String(epochs), '--json', '--overwrite']
  return {
    start: (name) =>
      machines.command([...argv, '--name', name, ...SPREAD, '--transport', transport, ...machines.joining]),
    undisturbed: async () => digestOf(await machines.command([...argv, '--name', 'undisturbed']).ended),
  }
}

/** What a run has come to; raises what it says if it failed. */
export function digestOf({ code, out, err }: Awaited<RunningCommand['ended']>): string {
  const last = code === 0 ? (JSON.parse(out.trimEnd().split('\n').at(-1) ?? '{}') as { digest?: string }) : {}
  if (last.digest === undefined) throw new Error(`a training ended with ${code}: ${err.slice(-2000)}`)
  return last.digest
}
