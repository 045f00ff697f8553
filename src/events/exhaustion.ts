import { AntidromeError, RunError } from './errors.js'

/** Something that a process can run out of. */
export interface Exhaustion {
  readonly code: 'OUT_OF_MEMORY' | 'TOO_MANY_FILES' | 'TOO_MANY_PROCESSES' | 'TEXT_TOO_LONG'
  /** Such as `out of memory`, behind `it ran`. */
  readonly what: string
  /** As an imperative sentence. */
  readonly remedy: string
}

/** How it is recognised: by the codes of the system and of the runtime, or by their messages. */
interface KnownExhaustion extends Exhaustion {
  readonly codes: readonly string[]
  readonly words: RegExp
}

const KNOWN: readonly KnownExhaustion[] = [
  {
    code: 'OUT_OF_MEMORY',
    what: 'out of memory',
    remedy:
      'Compute less at once (smaller mini-batches, a shorter run, a smaller network), close other programs, or allow more: ' +
      'ulimit -v unlimited for the process, NODE_OPTIONS=--max-old-space-size=MIB for what JavaScript holds.',
    codes: ['ENOMEM', 'ERR_MEMORY_ALLOCATION_FAILED', 'ERR_WORKER_OUT_OF_MEMORY', 'Z_MEM_ERROR'],
    words:
      /allocation failed|could not allocate memory|cannot allocate memory|unable to grow instance memory|(heap|process) out of memory|process OOM|maximum memory size exceeded|bad_alloc|(Map|Set) maximum size exceeded|Invalid array buffer length|\bENOMEM\b|Invalid typed array length: \d{9,}$/i,
  },
  {
    code: 'TOO_MANY_FILES',
    what: 'out of files that may be open at a time',
    remedy: 'Raise the limit, for instance by ulimit -n 1024, or use fewer cores.',
    codes: ['EMFILE', 'ENFILE'],
    words: /\b(EMFILE|ENFILE)\b|too many open files/i,
  },
  {
    code: 'TOO_MANY_PROCESSES',
    what: 'out of processes and threads that may run at a time',
    remedy: 'Raise the limit, for instance by ulimit -u, or use fewer cores and threads.',
    codes: ['ERR_WORKER_INIT_FAILED'],
    words: /spawn\b.*\bEAGAIN\b|Worker initialization failure/i,
  },
  {
    code: 'TEXT_TOO_LONG',
    what: 'out of room: a text grew beyond the longest that JavaScript can hold',
    remedy: 'Ask for less at once; simulate --out DIR writes spikes as they come.',
    codes: ['ERR_STRING_TOO_LONG'],
    words: /Invalid string length|longer than 0x[\da-f]+ characters/i,
  },
]

/** What a text, such as the last words of a process, says it ran out of; null if it says nothing of the kind. */
export function exhaustionIn(text: string): Exhaustion | null {
  return KNOWN.find(({ words }) => words.test(text)) ?? null
}

/**
 * An error of the system or the runtime that means no more than that something has run out, as a `RunError` OUT_OF_MEMORY,
 * TOO_MANY_FILES, TOO_MANY_PROCESSES or TEXT_TOO_LONG; null for every other error.
 *
 * @param who whose error it is
 */
export function exhaustionOf(
  error: unknown,
  who = 'The process',
  details: Record<string, string | number> = {},
): RunError | null {
  if (!(error instanceof Error) || error instanceof AntidromeError) return null
  const code = 'code' in error ? String(error.code) : ''
  const found = KNOWN.find(({ codes }) => codes.includes(code)) ?? exhaustionIn(error.message)
  if (found === null) return null
  return new RunError({
    code: found.code,
    message: `${who} ran ${found.what} (${error.message}).`,
    details,
    remedy: found.remedy,
    cause: error,
  })
}
