// Answers coordinators as a worker of another version would. Its arguments: the server, the file of the certificates to
// trust.
import { readFileSync } from 'node:fs'
import { ownVersions } from '../../dist/actors/fleet/join-fleet.js'
import { openRendezvous } from '../../dist/rendezvous/open-rendezvous.js'
import { createSealKeys } from '../../dist/rendezvous/seal.js'

const [, , servers, ca] = process.argv
const rendezvous = await openRendezvous({ servers, tls: { ca: readFileSync(ca, 'utf8') }, name: 'stranger' })
const identity = { id: 'stranger', name: 'stranger', machine: 'far', pid: process.pid, slots: 9, taken: [] }
const condition = { hardwareThreads: 1, load: 0, freeMemory: 1, clock: 0, uptime: 0, isLeaving: false }
const { publicKey: sealKey } = await createSealKeys()
const versions = { ...ownVersions(), arithmetic: 999 }
await rendezvous.answer('antidrome.workers', async () => ({ ...identity, ...condition, versions, sealKey }))
console.log('is there')
