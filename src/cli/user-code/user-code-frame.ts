/** Where code of the user's own stands. */
export interface UserCodePlace {
  /** What it was asked for, such as a function, in words. */
  readonly what: string
  /** URL, line and column. */
  readonly at: string
}

/** How `guardedSplit` names the frame that asks for samples. */
const ASKED = /(encode of the split "\w+" from sample \d+ on)/
const FRAME = /^ *at (?:(.*) \()?(file:.*:\d+:\d+)\)?$/

/** Of a stack, which may be deep. */
const MOST_FRAMES = 200
const PACKAGE = codeFolderOf(import.meta.url)

/** Where code of the user's own stands that has called this, or was interrupted by it; null if there is none. */
export function placeOfUserCode(): UserCodePlace | null {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = MOST_FRAMES
  const stack: unknown = new Error().stack
  Error.stackTraceLimit = stackTraceLimit
  return typeof stack === 'string' ? ownPlaceIn(stack, PACKAGE) : null
}

/**
 * Where a stack stands in a file that is neither of this package nor of another one that is installed: in code of the user's
 * own, or in what it calls. Null if it does not.
 *
 * @param own URL of the folder that the code of this package is in
 */
function ownPlaceIn(stack: string, own: string): UserCodePlace | null {
  for (const line of stack.split('\n')) {
    const [, name = 'code', at = ''] = FRAME.exec(line) ?? []
    if (at === '' || at.startsWith(own) || at.includes('/node_modules/')) continue
    return { what: ASKED.exec(stack)?.[1] ?? name, at }
  }
  return null
}

/** The folder that all code of a package is in, from the URL of a file there. */
function codeFolderOf(url: string): string {
  return url.replace(/^(.*\/(?:dist|src)\/).*$/, '$1')
}
