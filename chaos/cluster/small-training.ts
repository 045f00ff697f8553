import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tinyPresetFor } from '../../test/cli/tiny-training.js'
import type { ManyMachines, RunningCommand } from '../../test/support/many-machines.js'
import type { Grid } from '../scenario.js'

/** A training whose epochs take a few hundredths of a second on workers. */
export interface SmallTraining {
  start(name: string): RunningCommand
  /** What one process comes to. */
  undisturbed(): Promise<string>
}

/** How a training is spread over workers. */
export interface Spread extends Pick<Grid, 'replicas' | 'cores'> {
  /** As for the command. */
  readonly transport: string
}

export function createSmallTraining(machines: ManyMachines, epochs: number, spread: Spread): SmallTraining {
  const { replicas, cores, transport } = spread
  const preset = join(machines.folder, 'tiny.json')
  writeFileSync(preset, JSON.stringify(tinyPresetFor(replicas)))
  const argv = ['train', 'temporal-patterns', '--preset', preset, '--epochs', String(epochs), '--json', '--overwrite']
  const grid = ['--replicas', String(replicas), '--cores', String(cores)]
  const flags = [...grid, '--transport', transport, '--restarts', '1000000', '--wait', '60', ...machines.joining]
  return {
    start: (name) => machines.command([...argv, '--name', name, ...flags]),
    undisturbed: async () => digestOf(await machines.command([...argv, '--name', 'undisturbed']).ended),
  }
}

/** What a run has come to; raises what it says if it failed. */
export function digestOf({ code, out, err }: Awaited<RunningCommand['ended']>): string {
  const last = code === 0 ? (JSON.parse(out.trimEnd().split('\n').at(-1) ?? '{}') as { digest?: string }) : {}
  if (last.digest === undefined) throw new Error(`a training ended with ${code}: ${err.slice(-2000)}`)
  return last.digest
}
