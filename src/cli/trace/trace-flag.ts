import { basename, dirname, extname, join } from 'node:path'
import type { Command } from 'commander'
import { someText } from '../../network/reading/flag-values.js'
import { addFlags, type FlagsOf } from '../flag-record.js'
import { TRACE } from '../outputs/output-kind.js'
import type { Output, Outputs } from '../outputs/outputs.js'
import { requireOutside } from '../outputs/writable-path.js'
import type { OverwriteFlag } from '../overwrite-flag.js'

/** Whether and where is written what every actor, link and kernel did when. */
export const TRACE_FLAG = {
  trace: {
    value: '<file>',
    text: 'write what every actor, link and kernel did when, for ui.perfetto.dev or chrome://tracing; a file that can no longer be written ends the run (default: no trace)',
    read: (flag: string) => someText(flag, 'a file'),
  },
} as const

export interface TraceFlags extends OverwriteFlag, FlagsOf<typeof TRACE_FLAG> {
  readonly json: boolean
}

export function addTraceFlag(command: Command): Command {
  return addFlags(command, TRACE_FLAG)
}

/**
 * Refuses a file for a trace that cannot be written, or that must not be replaced; leaves nothing behind.
 *
 * Raises `InputError` FILE_UNWRITABLE, TRACE_EXISTS or FLAG_CONFLICT, naming the flag.
 *
 * @param folders that the command fills itself, by the flags that name them
 */
export async function requireTraceFile(
  { trace }: TraceFlags,
  outputs: Outputs,
  folders: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  if (trace === undefined) return
  for (const [of, folder] of Object.entries(folders))
    if (folder !== undefined) requireOutside('--trace', trace, folder, of)
  await openTrace(trace, outputs)
}

/** Opens the file of a trace, which is not made yet. Raises as `Outputs.file` does. */
export function openTrace(path: string, outputs: Outputs): Promise<Output> {
  return outputs.file({ flag: '--trace', path, kind: TRACE })
}

/** The file of one seed among several: `trace.json` becomes `trace.seed-3.json`. */
export function traceOfSeed(path: string, seed: number): string {
  const ending = extname(path)
  return join(dirname(path), `${basename(path, ending)}.seed-${seed}${ending}`)
}
