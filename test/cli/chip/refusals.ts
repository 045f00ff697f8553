import { expect, test } from 'vitest'
import { jsonLines, run } from '../run-in-process.js'

/** A command line without words in quotes, how it is refused, and what the message says. */
export type Refusal = readonly [line: string, code: string, field: string, ...words: string[]]

/** Each is refused with exit code 2, before anything is printed. */
export function testRefusals(refusals: readonly Refusal[]): void {
  test.each(refusals)('%s: %s', async (line, expected, field, ...words) => {
    const { code, out, err } = await run(...line.split(' '), '--json')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    const error = jsonLines(err)[0]?.error as { readonly message: string }
    expect(error).toMatchObject({ code: expected, field })
    for (const each of words) expect(error.message).toContain(each)
  })
}
