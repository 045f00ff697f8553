import { InternalError } from '../events/errors.js'

/**
 * JSON on one line: doubles read back to the same bits (-0 as 0), typed arrays become arrays.
 *
 * Raises `InternalError` for a number that is not finite and for anything else JSON has no word for; a property
 * that is undefined is left out.
 */
export function formatJson(value: unknown): string {
  const text = JSON.stringify(value, (key, entry: unknown) => plain(key, entry))
  if (text === undefined) throw notJson('', value)
  return text
}

function plain(key: string, entry: unknown): unknown {
  switch (typeof entry) {
    case 'number':
      if (!Number.isFinite(entry)) throw notJson(key, entry)
      return entry
    case 'bigint':
    case 'function':
    case 'symbol':
      throw notJson(key, entry)
    case 'object':
      return plainObject(key, entry)
    default:
      return entry
  }
}

function plainObject(key: string, entry: object | null): unknown {
  if (entry instanceof Map || entry instanceof Set) throw notJson(key, entry)
  if (Array.isArray(entry)) {
    // JSON.stringify would write null here.
    if (entry.includes(undefined)) throw notJson(key, 'undefined in a list')
    return entry
  }
  return ArrayBuffer.isView(entry) && !(entry instanceof DataView) ? Array.from(entry as Float64Array) : entry
}

function notJson(key: string, entry: unknown): InternalError {
  const place = key === '' ? 'the value' : `"${key}"`
  return new InternalError(`JSON cannot express ${place}: ${String(entry)}.`, { key, found: String(entry) })
}
