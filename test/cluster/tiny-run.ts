import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonLines, type Outcome } from '../cli/run-in-process.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import type { ManyMachines, RunningCommand } from '../support/many-machines.js'

/** Trainings of the smallest network there is; so many of its epochs take seconds on two workers. */
export interface TinyRun {
  /** What one process comes to. */
  digest(epochs: number): Promise<string>
  /** Trains on two workers, however often they are lost. */
  start(name: string, epochs: number, ...flags: readonly string[]): RunningCommand
}

export function createTinyRun(machines: ManyMachines): TinyRun {
  writeFileSync(join(machines.folder, 'tiny.json'), JSON.stringify(TINY_PRESET))
  const argv = (name: string, epochs: number) => {
    const task = ['temporal-patterns', '--preset', 'tiny.json', '--epochs', String(epochs)]
    return ['train', ...task, '--json', '--name', name, '--overwrite']
  }
  return {
    digest: async (epochs) => digestOf(await machines.command(argv('undisturbed', epochs)).ended),
    start: (name, epochs, ...flags) =>
      machines.command([...argv(name, epochs), ...machines.joining, '--cores', '2', '--restarts', '1000', ...flags]),
  }
}

/** The digest that a training ends with; anything else is what it says. */
export function digestOf({ code, out, err }: Outcome): string {
  const digest = code === 0 ? jsonLines(out).at(-1)?.digest : undefined
  return typeof digest === 'string' ? digest : `${code}: ${err}`
}

/** How often the cores were started anew. */
export const restartsOf = ({ err }: Outcome) => err.match(/Starting all cores anew/g)?.length ?? 0
