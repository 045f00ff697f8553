import { decimal, wrongValue } from '../../network/reading/flag-values.js'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ...['K', 'M', 'G', 'T'].flatMap((letter, k): [string, number][] => [
    [`${letter}B`, 1000 ** (k + 1)],
    [`${letter}iB`, 1024 ** (k + 1)],
  ]),
])

/** A parser of numbers of bytes, such as 500000, 500MB or 10GiB. */
export function byteCount(flag: string): (text: string) => number {
  return (text) => {
    const [, number = '', unit = ''] = /^([\d.]+)([KMGT]i?B)?$/.exec(text) ?? []
    const bytes = decimal(number) * (UNITS.get(unit) ?? Number.NaN)
    if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
    throw wrongValue(flag, text, 'a number of bytes, as in 500000, 500MB, 10GB or 10GiB')
  }
}

/** For people. */
export function bytesInWords(bytes: number): string {
  const [unit = '', size = 1] = [...UNITS].reverse().find(([name, each]) => !name.includes('i') && bytes >= each) ?? []
  return unit === '' ? `${bytes} bytes` : `${Number((bytes / size).toFixed(2))} ${unit}`
}
