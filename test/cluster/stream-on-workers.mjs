// Streams a network on two cores of workers, half way in another session, and writes the spikes as JSON. Its arguments: the
// server and the file of the certificates to trust, or nothing for a session of this process.
import { readFileSync } from 'node:fs'
import {
  connect,
  defineNetwork,
  dense,
  lif,
  oneToOne,
  open,
  openCluster,
  placeOnCores,
  poisson,
  uniform,
} from '../../dist/bundle/index.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 }
const network = defineNetwork({
  groups: { drive: poisson(64, { rate: 150 }), first: lif(64, LIF), second: lif(8, LIF) },
  projections: [
    connect('drive', 'first', oneToOne(3), { delay: 1 }),
    connect('first', 'second', dense(uniform(0, 1)), { delay: 2 }),
  ],
})
const [, , servers, ca] = process.argv
const seed = 3
const openHere = () => open(network, { seed })
const openThere = () =>
  openCluster(network, placeOnCores(network, 2), { seed, join: { servers, tls: { ca: readFileSync(ca, 'utf8') } } })
const openAnywhere = servers === undefined ? openHere : openThere

const options = { until: 120, segment: 9 }
const told = []
const first = await openAnywhere()
const stream = first.stream(options)
let state
for await (const { window, spikes } of stream) {
  told.push(spikes)
  if (window.end < 50) continue
  state = await stream.saveState()
  break
}
await first.close()
const second = await openAnywhere()
for await (const { spikes } of second.stream({ ...options, from: state })) told.push(spikes)
await second.close()
const plain = ({ times, units }) => [[...times], [...units]]
const all = told.flatMap((spikes) => Object.entries(spikes).map(([name, trains]) => [name, ...plain(trains)]))
process.stdout.write(`${JSON.stringify(all)}\n`)
