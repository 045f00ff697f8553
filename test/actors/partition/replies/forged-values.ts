/** How a value may be forged. */
export const FORGERIES = [
  'type',
  'NaN',
  'Infinity',
  'negative',
  'huge',
  'longer',
  'shorter',
  'missing',
  'extra',
] as const

export type Forgery = (typeof FORGERIES)[number]

/** Way to a part of a value: names of fields, and places in lists and arrays. */
export type Path = readonly (string | number)[]

type Numbers = Float64Array | Uint32Array | Int32Array

const isNumbers = (value: unknown): value is Numbers => ArrayBuffer.isView(value)

/** All parts of a value; of arrays the first and the last number alone. */
export function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (isNumbers(value))
    return [
      path,
      ...[...new Set([0, value.length - 1])].flatMap((k) => (k < value.length ? [[...path, k]] : [])),
    ].filter((each) => each.at(-1) !== -1)
  if (Array.isArray(value)) return [path, ...value.flatMap((entry, k) => pathsIn(entry, [...path, k]))]
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([name, entry]) => pathsIn(entry, [...path, name]))]
}

export function partAt(value: unknown, path: Path): unknown {
  return path.reduce((part: unknown, name) => (part as Readonly<Record<string | number, unknown>>)[name], value)
}

/** Which forgeries mean something for a part; arrays of integers have no others. */
export function forgeriesOf(part: unknown, holder: unknown): readonly Forgery[] {
  const numeric: readonly Forgery[] = ['NaN', 'Infinity', 'negative', 'huge']
  if (isNumbers(holder)) return holder instanceof Float64Array ? numeric : ['negative', 'huge']
  const every: readonly Forgery[] = ['type', 'missing']
  if (typeof part === 'number') return [...every, ...numeric]
  if (isNumbers(part) || Array.isArray(part)) return [...every, 'longer', 'shorter']
  if (typeof part === 'object' && part !== null) return [...every, 'extra']
  return every
}

const OTHERS: readonly unknown[] = [null, 'text', 7, true, [], {}, new Float64Array(1), { length: 3 }]

/** A copy with one part forged; `choice` tells which of several ways. */
export function forged(value: unknown, path: Path, forgery: Forgery, choice: number): unknown {
  const copy: unknown = structuredClone(value)
  const [last] = path.slice(-1)
  if (last === undefined) return forgedPart(copy, forgery, choice)
  const holder = partAt(copy, path.slice(0, -1)) as Record<string | number, unknown>
  if (forgery !== 'missing') holder[last] = forgedPart(holder[last], forgery, choice)
  else if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else delete holder[last]
  return copy
}

function forgedPart(part: unknown, forgery: Forgery, choice: number): unknown {
  switch (forgery) {
    case 'type': {
      const others = OTHERS.filter((other) => kindOf(other) !== kindOf(part))
      return others[choice % others.length]
    }
    case 'missing':
      return undefined
    case 'NaN':
      return Number.NaN
    case 'Infinity':
      return choice % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    case 'negative':
      return -1 - Math.abs(Number(part))
    case 'huge':
      return [2 ** 31, 2 ** 53, 1e300, 1e5][choice % 4]
    case 'longer':
      return isNumbers(part) ? longer(part) : [...(part as unknown[]), (part as unknown[]).at(-1) ?? 0]
    case 'shorter':
      return (part as unknown[]).slice(0, -1)
    case 'extra':
      return { ...(part as object), extra: choice }
  }
}

function longer(numbers: Numbers): Numbers {
  const Type = numbers.constructor as { new (length: number): Numbers }
  const more = new Type(numbers.length + 1)
  more.set(numbers as never)
  return more
}

/** Two numbers, or two lists, are alike; what a value is beyond that is its own business. */
function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return Object.prototype.toString.call(value)
}
