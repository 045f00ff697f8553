import { describeNeeding } from './describe-needing.js'
import { whyNoNats } from './start-nats-server.js'

export { type NatsServer, type NatsServerOptions, startNatsServer } from './start-nats-server.js'

/** Tests with a server; skipped where there is none to start. */
export function describeWithNats(name: string, body: () => void): void {
  describeNeeding(whyNoNats, name, body)
}
