import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text as textOf } from 'node:stream/consumers'
import { moduleFiles } from './module-files.js'

/** Where a text is no JavaScript, and why. */
export interface SyntaxMistake {
  /** Of the runtime, such as `Unexpected number`. */
  readonly message: string
  /** URL of the file, and line from 1. */
  readonly place: string
}

/** Largest number of files that are examined, one by one. */
const MOST_FILES = 50

/**
 * The first mistake of syntax in a module, or in what it imports by a path; null if there is none.
 *
 * Node.js tells where it is to people alone: not in what it throws on an import of such a module. So the files are given to
 * `node --check`, which runs nothing of them.
 *
 * @param message default: any is looked for
 */
export async function syntaxMistake(url: string, message?: string): Promise<SyntaxMistake | null> {
  for (const { file, text } of moduleFiles(url, 'some').slice(0, MOST_FILES)) {
    const found = await checked(text)
    if (found !== null && found.message === (message ?? found.message))
      return { message: found.message, place: `${file}:${found.line}` }
  }
  return null
}

/** Where errors on an import do tell it, their stack begins with it. */
export function toldPlace({ stack = '' }: Error): string | null {
  const [first = ''] = stack.split('\n', 1)
  return /^(?:file:|\/|[A-Za-z]:\\).*:\d+$/.test(first) ? first : null
}

async function checked(text: string): Promise<{ readonly line: number; readonly message: string } | null> {
  const { NODE_OPTIONS: _, ...env } = process.env
  const argv = ['--check', '--input-type=module', '-']
  const child = spawn(process.execPath, argv, { env, stdio: ['pipe', 'ignore', 'pipe'], windowsHide: true })
  // One that cannot be started says nothing.
  if (child.pid === undefined) return once(child, 'error').then(() => null)
  // It may have seen enough before it has read everything.
  child.stdin.on('error', () => undefined)
  child.stdin.end(text)
  const said = await textOf(child.stderr)
  const [, line] = /^\[stdin\]:(\d+)$/m.exec(said) ?? []
  const [, message] = /^SyntaxError: (.*)$/m.exec(said) ?? []
  return line === undefined || message === undefined ? null : { line: Number(line), message }
}
