import { test } from 'vitest'
import { isLong } from './cases-of.js'

/** A test that long runs alone have time for, beside others that share with it what is expensive to open. */
export function testWhenLong(name: string, body: () => Promise<void>): void {
  if (isLong()) test(name, body)
}
