// Offers itself to coordinators as a worker that computes something else. Its arguments: the server, the file of the
// certificates to trust.
import { readFileSync } from 'node:fs'
import { openFleetWorker } from '../../dist/actors/fleet/fleet-worker.js'
import { ownVersions } from '../../dist/actors/fleet/join-fleet.js'
import { openRendezvous } from '../../dist/rendezvous/open-rendezvous.js'
import { createSealKeys } from '../../dist/rendezvous/seal.js'

const [, , servers, ca] = process.argv
const versions = { ...ownVersions(), arithmetic: 999 }
await openFleetWorker({
  rendezvous: await openRendezvous({ servers, tls: { ca: readFileSync(ca, 'utf8') }, name: 'stranger' }),
  identity: { id: 'stranger', name: 'stranger', machine: 'far', pid: process.pid, versions },
  condition: () => ({ hardwareThreads: 1, load: 0, freeMemory: 1, clock: 0, uptime: 0 }),
  slots: 9,
  listenerOf: () => ({ host: '127.0.0.1' }),
  sealKeys: await createSealKeys(),
  onEvent: () => undefined,
})
console.log('is there')
