import { wrongValue } from '../../network/reading/flag-values.js'

/** A setting of a flag such as `shift=15,drop=0.1`. */
export interface Assignment {
  readonly name: string
  readonly value: string
}

/** What stands between commas, each a name and a value, and each name once and one of the known. */
export function assignments(
  flag: string,
  text: string,
  names: readonly string[],
  example: string,
): readonly Assignment[] {
  const found = text.split(',').map((part) => {
    const at = part.indexOf('=')
    return { name: part.slice(0, Math.max(0, at)).trim(), value: part.slice(at + 1).trim() }
  })
  const known = found.map(({ name }) => name)
  const isRight = found.every(({ name, value }, k) => names.includes(name) && value !== '' && known.indexOf(name) === k)
  if (isRight) return found
  throw wrongValue(flag, text, `settings of ${names.join(', ')}, each once, such as ${example}`)
}
