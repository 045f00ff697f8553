import { once } from 'node:events'
import { expect } from 'vitest'
import { eventually } from '../support/eventually.js'
import { childrenOf, isAlive } from '../support/processes.js'
import type { Outcome } from './run-in-process.js'
import { type CommandProcess, finish, start } from './run-process.js'

/**
 * Trains in the working folder until its two cores are at work, does something to them, and waits for the end of them
 * all.
 */
export async function disturb(
  name: string,
  training: readonly string[],
  act: (child: CommandProcess, cores: readonly number[]) => void,
): Promise<Outcome> {
  const flags = ['--epochs', '100000', '--cores', '2', '--transport', 'websocket', '--json', '--name', name]
  const child = start(process.cwd(), 'train', ...training, ...flags)
  const ended = finish(child)
  await once(child.stdout, 'data')
  const cores = childrenOf(child.pid as number)
  expect(cores.length).toBe(2)
  act(child, cores)
  const outcome = await ended
  await eventually(() => cores.every((core) => !isAlive(core)))
  return outcome
}

/** Waits for the two cores of a command, does something, and waits for the end of them all. */
export async function disturbStart(child: CommandProcess, act: (cores: readonly number[]) => void): Promise<Outcome> {
  const ended = finish(child)
  const cores = () => childrenOf(child.pid as number)
  await eventually(() => cores().length === 2)
  const all = cores()
  act(all)
  const outcome = await ended
  await eventually(() => !all.some(isAlive))
  return outcome
}
