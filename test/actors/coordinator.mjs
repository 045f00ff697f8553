// Opens a cluster of two processes over a transport, writes their ids as JSON, and then waits for ever (`wait`), closes
// the cluster (`close`) or fails to (`forget`). With `stop` one of them is stopped before it knows what it is to do.
import { connect, defineNetwork, dense, lif, openCluster, placeOnCores, source } from '../../dist/bundle/index.js'

const network = defineNetwork({
  groups: { in: source(1), out: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
  projections: [connect('in', 'out', dense(2))],
})
const [, , what, transport] = process.argv
const placement = placeOnCores(network, 2)
if (what === 'stop') {
  const { clusterSettings } = await import('../../dist/actors/cluster-options.js')
  const { openLauncher } = await import('../../dist/actors/open-elsewhere.js')
  const { coreWorkers } = await openLauncher(network, placement, clusterSettings({ transport }), null)
  process.kill(coreWorkers[1].id, 'SIGSTOP')
  console.log(JSON.stringify(coreWorkers.map(({ id }) => id)))
  await new Promise(() => setInterval(() => undefined, 1e6))
}
const session = await openCluster(network, placement, { transport })
console.log(JSON.stringify(session.workers.map(({ id }) => id)))
if (what === 'close') await session.close()
if (what === 'forget') process.exit(3)
