// The gradient of a network with an actor and an operator of one's own, as JSON, or the error that it ends with. Its
// arguments: the modules of both, then the server and the file of the certificates to trust, or nothing for one process.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import {
  actor,
  connect,
  defineNetwork,
  dense,
  lif,
  normal,
  open,
  openCluster,
  operator,
  placeOnCores,
  source,
} from '../../dist/bundle/index.js'

const [, , relay, router, servers, ca] = process.argv
const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 }
const through = [operator(pathToFileURL(router), { loss: 0.2, least: 0.25, spread: 2, drift: 0.05 })]
const network = defineNetwork({
  groups: { in: source(3), relay: actor(64, pathToFileURL(relay), { hold: 0.7 }), out: lif(4, LIF) },
  projections: [
    connect('in', 'relay', dense(normal(0.9, 0.4)), { delay: 1, through }),
    connect('relay', 'out', dense(normal(0.3, 0.1)), { delay: 0.5 }),
  ],
})
const input = {
  offsets: Uint32Array.of(0, 3, 5),
  times: Float64Array.of(1, 2, 3, 2, 4),
  units: Uint32Array.of(0, 1, 2, 2, 0),
}
const seed = 3
const opening =
  servers === undefined
    ? open(network, { seed })
    : openCluster(network, placeOnCores(network, 2), {
        seed,
        transport: 'nats',
        join: { servers, tls: { ca: readFileSync(ca, 'utf8') } },
      })
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value)
try {
  const session = await opening
  const loss = { kind: 'spikeCount', group: 'out', tau: 20 }
  const { losses, gradients } = await session.gradient(
    { count: 2, until: 40, inputs: { in: input } },
    loss,
    Uint8Array.of(0, 1),
  )
  await session.close()
  process.stdout.write(`${JSON.stringify({ losses, gradients }, plain)}\n`)
} catch ({ code, message, details }) {
  process.stdout.write(`${JSON.stringify({ code, message, details })}\n`)
}
