import { eventually } from '../../support/eventually.js'
import { type Files, jsonLines, type Outcome } from '../run-in-process.js'
import { type CommandProcess, finish, start } from '../run-process.js'
import { TINY_PRESET } from '../tiny-training.js'

/** A command of which what it has written so far can be read. */
export interface BegunCommand {
  readonly child: CommandProcess
  readonly written: { readonly out: string; readonly err: string }
  readonly ended: Promise<Outcome>
  /** The lines of one event. */
  events(event: string): readonly Record<string, unknown>[]
}

export interface JoinedCommands extends Disposable {
  begin(...argv: readonly string[]): BegunCommand
  /** A worker of two slots that is ready. */
  beginWorker(name: string, ...flags: readonly string[]): Promise<BegunCommand>
  /** A training without end, on the workers there are. */
  beginTraining(name: string): BegunCommand
}

/** Commands in processes of their own that join a server; whatever of them goes on is killed in the end. */
export function joinedCommands(files: Files, url: () => string): JoinedCommands {
  const started: CommandProcess[] = []

  function begin(...argv: readonly string[]): BegunCommand {
    const child = start(files.folder, ...argv, '--join', url())
    started.push(child)
    const written = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      written.err += text
    })
    const lines = () => jsonLines(written.out.slice(0, written.out.lastIndexOf('\n') + 1))
    const events = (event: string) => lines().filter((line) => line.event === event)
    return { child, written, events, ended: finish(child) }
  }

  return {
    begin,
    async beginWorker(name, ...flags) {
      const worker = begin('worker', '--json', '--name', name, '--slots', '2', '--listen', '127.0.0.1', ...flags)
      await eventually(() => worker.events('ready').length > 0)
      return worker
    },
    beginTraining(name) {
      const preset = files.write('tiny.json', TINY_PRESET)
      const task = ['temporal-patterns', '--preset', preset, '--epochs', '1000000', '--name', name]
      return begin('train', ...task, '--json', '--cores', '2', '--restarts', '0', '--wait', '1000000')
    },
    [Symbol.dispose]() {
      for (const child of started.splice(0)) child.kill('SIGKILL')
    },
  }
}
