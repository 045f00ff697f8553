import { describe } from 'vitest'
import { whyNoMachines } from './namespaces.js'
import { isNatsThere } from './start-nats-server.js'

const reason = whyNoMachines()
if (reason !== null) {
  const line = `The tests of many machines ${reason}.`
  if (process.env.CI) throw new Error(line)
  console.warn(`${line} They are skipped.`)
}

/** Tests on many machines, with a server between them; skipped where this machine cannot play them. */
export function describeWithMachines(name: string, body: () => void): void {
  describe.skipIf(reason !== null || !isNatsThere)(name, body)
}
