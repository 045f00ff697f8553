import { describe, test } from 'vitest'

/**
 * Tests that need what not every machine has. Where something is missing, in words, they are skipped: a line says so, and
 * nothing of their body is run, since a body may start what nothing would end. In continuous integration that is an error.
 */
export function describeNeeding(missing: string | null, name: string, body: () => void): void {
  if (missing === null) {
    describe(name, body)
    return
  }
  const line = `${name}: these tests ${missing}.`
  if (process.env.CI) throw new Error(line)
  console.warn(`${line} They are skipped.`)
  describe.skip(name, () => test(missing, () => undefined))
}
