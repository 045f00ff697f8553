import { isPlain } from './plain-object.js'

/**
 * A value in the words of an error message: numbers as they are, long things by their size. Whatever it is, looking at it
 * raises nothing.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
    case 'object':
      return describeSafely(value)
    case 'bigint':
      return `${value}n`
    case 'function':
      return 'a function'
    default:
      return String(value)
  }
}

/** A proxy, or a getter, may throw. */
function describeSafely(value: object | null): string {
  try {
    return describeObject(value)
  } catch {
    return 'an object that cannot be looked at'
  }
}

function describeObject(value: object | null): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (!isPlain(value)) return describeInstance(value)
  const keys = Object.keys(value)
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`
}

function describeInstance(value: object): string {
  const name: unknown = Reflect.get(value, 'constructor')?.name
  if (typeof name !== 'string' || name === '' || name === 'Object') return 'an object with inherited fields'
  const size = ArrayBuffer.isView(value) && 'length' in value ? ` of ${value.length}` : ''
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}${size}`
}

/** Such as `"constant", "normal" or "uniform"`. */
export function eitherOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`)
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
