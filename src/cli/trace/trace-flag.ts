import { basename, dirname, extname, join } from 'node:path'
import type { Command } from 'commander'
import { InputError } from '../../events/errors.js'
import { requireReplaceable } from '../../storage/trace-file.js'
import { someText } from '../flag-values.js'
import type { OverwriteFlag } from '../overwrite-flag.js'
import { requireOutside, requireWritableFile } from '../writable-path.js'

/** Whether and where is written what every actor, link and kernel did when. */
export interface TraceFlags extends OverwriteFlag {
  readonly trace?: string
  readonly json: boolean
}

export function addTraceFlag(command: Command): Command {
  return command.option(
    '--trace <file>',
    'write what every actor, link and kernel did when, for ui.perfetto.dev or chrome://tracing; a file that can no longer be written ends the run (default: nobody records it)',
    someText('--trace', 'a file'),
  )
}

/**
 * Refuses a file for a trace that cannot be written, or that must not be replaced; leaves nothing behind.
 *
 * Raises `InputError` FILE_UNWRITABLE, TRACE_EXISTS or FLAG_CONFLICT, naming the flag; `RunError` FILE_UNWRITABLE.
 *
 * @param folders that the command fills itself, by the flags that name them
 */
export async function requireTraceFile(
  { trace, overwrite = false }: TraceFlags,
  folders: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  if (trace === undefined) return
  for (const [of, folder] of Object.entries(folders))
    if (folder !== undefined) requireOutside('--trace', trace, folder, of)
  await requireWritableFile('--trace', trace)
  await inTermsOfTrace(() => requireReplaceable(trace, overwrite))
}

/** A mistake in the path names its flag. */
export async function inTermsOfTrace<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    throw new InputError({ ...error.mistake, field: '--trace', cause: error })
  }
}

/** The file of one seed among several: `trace.json` becomes `trace.seed-3.json`. */
export function traceOfSeed(path: string, seed: number): string {
  const ending = extname(path)
  return join(dirname(path), `${basename(path, ending)}.seed-${seed}${ending}`)
}
