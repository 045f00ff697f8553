import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { jsonLines, type Outcome } from '../cli/run-in-process.js'
import { tinyPresetFor } from '../cli/tiny-training.js'
import type { ManyMachines, RunningCommand } from '../support/many-machines.js'
import type { Machine } from '../support/namespaces.js'

/** Trainings of the smallest network there is; so many of its epochs take seconds on two workers. */
export interface TinyRun {
  /** What one process comes to. */
  digest(epochs: number): Promise<string>
  /** Trains on workers, however often they are lost. */
  start(name: string, epochs: number, ...flags: readonly string[]): RunningCommand
  /** The same, with a clock that is wrong by so many hours. */
  startSkewed(clock: number, name: string, epochs: number, ...flags: readonly string[]): RunningCommand
  /** The same from another machine. */
  startAt(place: Machine, name: string, epochs: number, ...flags: readonly string[]): RunningCommand
}

/** @param grid on which it trains; default: two cores */
export function createTinyRun(machines: ManyMachines, { replicas, cores } = { replicas: 1, cores: 2 }): TinyRun {
  const preset = join(machines.folder, 'tiny.json')
  writeFileSync(preset, JSON.stringify(tinyPresetFor(replicas)))
  const argv = (name: string, epochs: number) => {
    const task = ['temporal-patterns', '--preset', preset, '--epochs', String(epochs)]
    return ['train', ...task, '--json', '--name', name]
  }
  const { coordinator } = machines.places
  const grid = ['--replicas', String(replicas), '--cores', String(cores)]
  const begin = (place: Machine, clock: number, name: string, epochs: number, flags: readonly string[]) => {
    const spread = [...machines.joining, ...grid, '--restarts', '1000']
    return machines.command([...argv(name, epochs), ...spread, ...flags], place, clock)
  }
  return {
    digest: async (epochs) => digestOf(await machines.command(argv(`undisturbed-${epochs}`, epochs)).ended),
    start: (name, epochs, ...flags) => begin(coordinator, 0, name, epochs, flags),
    startSkewed: (clock, name, epochs, ...flags) => begin(coordinator, clock, name, epochs, flags),
    startAt: (place, name, epochs, ...flags) => begin(place, 0, name, epochs, flags),
  }
}

/** The digest that a training ends with; anything else is what it says. */
export function digestOf({ code, out, err }: Outcome): string {
  const digest = code === 0 ? jsonLines(out).at(-1)?.digest : undefined
  return typeof digest === 'string' ? digest : `${code}: ${err}`
}

/** How often the cores were started anew. */
export const restartsOf = ({ err }: Outcome) => err.match(/Restarting all cores/g)?.length ?? 0
