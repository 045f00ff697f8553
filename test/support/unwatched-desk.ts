import { createWatchDesk } from '../../src/actors/watch/watch-desk.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'

/** A desk where nobody sits. */
export const unwatchedDesk = () =>
  createWatchDesk({
    network: defineNetwork({ groups: { a: source(1) }, projections: [] }),
    note: (note) => {
      throw new Error(note)
    },
  })
