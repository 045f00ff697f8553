// Opens a cluster of two processes over a transport, writes their ids as JSON, and then waits for ever (`wait`), closes
// the cluster (`close`) or fails to (`forget`).
import { connect, defineNetwork, dense, lif, openCluster, placeOnCores, source } from '../../dist/index.js'

const network = defineNetwork({
  groups: { in: source(1), out: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'out', dense(2))],
})
const [, , what, transport] = process.argv
const session = await openCluster(network, placeOnCores(network, 2), { transport })
console.log(JSON.stringify(session.workers.map(({ id }) => id)))
if (what === 'close') await session.close()
if (what === 'forget') process.exit(3)
