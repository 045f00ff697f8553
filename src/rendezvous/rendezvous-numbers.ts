/** The limits of a rendezvous; times in ms, sizes in bytes. */
export interface RendezvousNumbers {
  /** A holder of a lease that gives no sign of life for so long has lost its claim to it. */
  readonly leaseTime: number
  /** Between two signs of life. */
  readonly renewal: number
  /** Between two looks at a lease that another holds. */
  readonly leasePoll: number
  /** How long one request waits for its reply. */
  readonly requestTimeout: number
  /** How long something is tried again, longer than a cluster of servers takes to choose another leader. */
  readonly patience: number
  /** The first pause between two tries; each is twice the one before. */
  readonly firstPause: number
  readonly longestPause: number
  /** Between two pings of the connection. */
  readonly pingInterval: number
  /** Number of pings without a reply that ends a connection. */
  readonly mostPings: number
  /** How long one attempt to connect takes at most. */
  readonly connectTimeout: number
  /** Between two attempts to connect again, of which there is no end. */
  readonly reconnectPause: number
  /** Maximum number of replies that are remembered, and of their characters in all. */
  readonly mostReplies: number
  readonly mostReplied: number
  readonly mostObject: number
  /** A transfer of an object of which no piece comes for so long is over. */
  readonly stall: number
}

export const RENDEZVOUS_NUMBERS: RendezvousNumbers = Object.freeze({
  leaseTime: 10_000,
  renewal: 3_000,
  leasePoll: 500,
  requestTimeout: 2_000,
  patience: 12_000,
  firstPause: 100,
  longestPause: 1_600,
  pingInterval: 5_000,
  mostPings: 2,
  connectTimeout: 5_000,
  reconnectPause: 500,
  mostReplies: 1_000,
  mostReplied: 1 << 23,
  mostObject: 2 ** 30,
  stall: 10_000,
})
