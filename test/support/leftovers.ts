import { readdirSync, readFileSync } from 'node:fs'
import { eventually } from './eventually.js'
import { guard } from './guard.js'
import { isAlive } from './processes.js'

interface Leftover {
  readonly pid: number
  readonly command: string
}

/** Fails if something that this file has started, directly or not, does not end; it is ended then. */
export async function expectNothingLeft(file: string): Promise<void> {
  if (guard === null) return
  const { mark } = guard
  await eventually(() => leftovers(mark).length === 0).catch(() => undefined)
  const left = leftovers(mark)
  for (const { pid } of left) process.kill(pid, 'SIGKILL')
  const commands = left.map(({ pid, command }) => `\n  ${pid}: ${command}`)
  if (left.length > 0) throw new Error(`${file} has left ${left.length} processes, which end with it now:${commands}`)
}

/** Living processes that carry a mark in their environment, which every child inherits; not this one. */
function leftovers(mark: string): readonly Leftover[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  const marked = pids.filter((pid) => textOf(`/proc/${pid}/environ`).includes(mark)).map(Number)
  return marked
    .filter(isAlive)
    .map((pid) => ({ pid, command: textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
}

/** '' where there is no such file any more. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
