import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import '../support/guard.js'
import { builtFile } from '../support/built-file.js'
import type { Outcome } from './run-in-process.js'

const MAIN = fileURLToPath(builtFile('bundle/main.js'))

export type CommandProcess = ChildProcessByStdio<null, Readable, Readable>

/** Starts the built command in a process of its own. */
export function start(cwd: string, ...argv: string[]): CommandProcess {
  return spawn(process.execPath, [MAIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The same as the leader of a process group of its own, as a shell would. */
export function startGroup(cwd: string, ...argv: string[]): CommandProcess {
  return spawn(process.execPath, [MAIN, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
}

/** Waits for the end; a process that a signal ended has the code -1. */
export async function finish(child: ChildProcessByStdio<null, Readable | null, Readable>): Promise<Outcome> {
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1)))
  return { code, out, err }
}

export function runProcess(cwd: string, ...argv: string[]): Promise<Outcome> {
  return finish(start(cwd, ...argv))
}

/** The same with other environment variables beside those of this process. */
export function runProcessWith(
  env: Readonly<Record<string, string>>,
  cwd: string,
  ...argv: string[]
): Promise<Outcome> {
  const environment = { ...process.env, ...env }
  return finish(spawn(process.execPath, [MAIN, ...argv], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** Runs the command by a line of the shell, in which "$@" stands for it, without its standard output. */
export function runInShell(cwd: string, line: string, argv: readonly string[]): Promise<Outcome> {
  const child = spawn('bash', ['-c', line, 'bash', process.execPath, MAIN, ...argv], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return finish(child)
}
