// Makes a bucket for checkpoints at a server. Its arguments: the server, the file of the certificates to trust, the name.
import { readFileSync } from 'node:fs'
import { openRendezvous } from '../../dist/rendezvous/open-rendezvous.js'

const [, , servers, ca, name] = process.argv
const rendezvous = await openRendezvous({ servers, tls: { ca: readFileSync(ca, 'utf8') }, name: 'test' })
await rendezvous.makeBucket(name, 1 << 24)
await rendezvous[Symbol.asyncDispose]()
