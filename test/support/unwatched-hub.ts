import { createWatchHub } from '../../src/actors/watch/watch-hub.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'

/** A hub where nobody sits. */
export const unwatchedHub = () =>
  createWatchHub({
    network: defineNetwork({ groups: { a: source(1) }, projections: [] }),
    note: (note) => {
      throw new Error(note)
    },
  })
