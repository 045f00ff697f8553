import { describe } from 'vitest'
import { COMMAND, isNatsThere } from './start-nats-server.js'

export { type NatsServer, type NatsServerOptions, startNatsServer } from './start-nats-server.js'

if (!isNatsThere) {
  const line = `The tests with servers need the Debian package nats-server, whose ${COMMAND} is not there.`
  if (process.env.CI) throw new Error(line)
  console.warn(`${line} They are skipped.`)
}

/** Tests with a server; skipped where there is none to start. */
export function describeWithNats(name: string, body: () => void): void {
  describe.skipIf(!isNatsThere)(name, body)
}
