import { describeNeeding } from './describe-needing.js'
import { whyNoMachines } from './namespaces.js'
import { whyNoNats } from './start-nats-server.js'

const missing = whyNoMachines() ?? whyNoNats

/** Tests on many machines, with a server between them; skipped where this machine cannot play them. */
export function describeWithMachines(name: string, body: () => void): void {
  describeNeeding(missing, name, body)
}
