import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/bundle/main.js', import.meta.url))
const SETTINGS = ['train', 'yin-yang', '--hidden', '8', '--batch', '64', '--epochs', '2', '--seed', '5', '--json']
const CHECKPOINTS = 'checkpoints'

/** The command `antidrome train`, in a folder of its own. */
export interface TrainingCommand extends Disposable {
  readonly checkpoints: string
  start(...flags: string[]): ChildProcess
  /** The same under a limit of so many blocks to the size of a file. */
  startLimited(blocks: number, ...flags: string[]): ChildProcess
  /** The files of the checkpoints, the newest last. */
  files(): readonly string[]
  /** Without what depends on the time. */
  metrics(): string
}

export function createTrainingCommand(): TrainingCommand {
  const folder = mkdtempSync(join(tmpdir(), 'antidrome-chaos-'))
  const checkpoints = join(folder, CHECKPOINTS)
  const run = (command: string, args: readonly string[]) =>
    spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const args = (flags: readonly string[]) => [MAIN, ...SETTINGS, '--name', 'run', ...flags]
  return {
    checkpoints,
    start: (...flags) => run(process.execPath, args(flags)),
    startLimited: (blocks, ...flags) =>
      run('sh', ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, ...args(flags)]),
    files: () => namesIn(checkpoints).map((name) => join(checkpoints, name)),
    metrics() {
      const lines = readFileSync(join(folder, 'runs', 'run', 'metrics.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
      const timeless = lines.map((line) => ({ ...JSON.parse(line), samplesPerSecond: 0, cpuSecondsPerSample: 0 }))
      return JSON.stringify(timeless)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export const KEEP = ['--checkpoint', CHECKPOINTS, '--checkpoint-every', '10', '--resume']

export interface Ending {
  /** -1 for a process that a signal has ended. */
  readonly code: number
  readonly words: string
}

export async function endingOf(child: ChildProcess): Promise<Ending> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? -1)))
  return { code, words }
}

/** The metrics of a run that nobody disturbs. */
export async function undisturbedMetrics(): Promise<string> {
  using command = createTrainingCommand()
  const { code, words } = await endingOf(command.start())
  if (code !== 0) throw new Error(`the undisturbed run ended with ${code}: ${words}`)
  return command.metrics()
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.antd'))
      .sort()
  } catch {
    return []
  }
}
