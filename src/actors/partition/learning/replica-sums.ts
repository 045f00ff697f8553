import { InternalError } from '../../../events/errors.js'
import { joinRows } from '../../../numerics/join-rows.js'
import { combineTree, type TreeNode, type TreePart } from '../../../numerics/tree-nodes.js'
import type { VectorStream } from '../../../streams/vector-stream.js'
import { type RunStages, UNTRACED } from '../../trace/run-stages.js'
import { createVectorQueue } from './shared-parameters.js'

/** How the trials of a mini-batch are dealt to the replicas of a core. */
export interface ReplicaShare {
  /** Chunks of trials in the mini-batch. */
  readonly chunks: number
  /** Of every replica: the node of the tree over chunks that it computes; null: what it computes counts elsewhere. */
  readonly nodes: readonly (TreeNode | null)[]
}

/** Sums over the trials of a mini-batch, of which every replica of a core computes a part. */
export interface ReplicaSums {
  /** A run begins. */
  begin(): void
  /**
   * Puts the sums over all trials in the place of those over the trials here, the same bits on every replica: those of
   * `combineTree` over chunks. Each of two replicas adds up both vectors; of more, each adds up an equal part of all vectors
   * and sends the sums to the others. A replica sends 2 (R - 1)/R times the numbers of `sums`.
   *
   * @param sums views, as long on every replica
   * @throws InternalError for a vector of another length
   */
  combine(sums: readonly Float64Array[], share: ReplicaShare): Promise<void>
  /** In the present run all sums have been put in place: the parts of the other replicas are complete, too. */
  areCombined(): boolean
  /** The replica whose vector is awaited now; null: none is. */
  awaited(): number | null
  /** Breaks off what is awaited. */
  fail(reason: unknown): void
}

/** Numbers of a piece: what is sent at once, and added while the next one is on its way. */
const PIECE = 1 << 16
/** Most pieces that one replica sends to another in one direction of the exchange. */
const MOST_PIECES = 32

/** Most vectors that come from another replica in a run. */
export function mostVectors(replicas: number): number {
  return replicas === 2 ? MOST_PIECES : 2 * MOST_PIECES
}

/** Views of some of the sums, one behind the other. */
type Piece = readonly Float64Array[]

/**
 * @param own number of this replica
 * @param peers by number: the streams to the other replicas; null in the own place
 * @param stageOf see `RunStages`; default: nothing is recorded
 */
export function createReplicaSums(
  own: number,
  peers: readonly (VectorStream | null)[],
  stageOf: RunStages['sums'] = UNTRACED.sums,
): ReplicaSums {
  const replicas = peers.length
  const others = peers.flatMap((stream, replica) => {
    return stream === null ? [] : [otherReplica(replica, stream, stageOf)]
  })
  let awaited: number | null = null
  let isDone = false

  /** The numbers of a piece from another replica. */
  async function next({ replica, queue }: OtherReplica, piece: Piece): Promise<Float64Array> {
    awaited = replica
    const arrived = stageOf('wait for sums')
    const values = await queue.next()
    arrived(values.byteLength)
    awaited = null
    const length = lengthOf(piece)
    if (values.length === length) return values
    throw new InternalError(`Replica ${replica} sent ${values.length} numbers, expected ${length}.`, { replica })
  }

  /** Puts what another replica has added up in its place. */
  async function take(other: OtherReplica, pieces: readonly Piece[]): Promise<void> {
    for (const piece of pieces) {
      const values = await next(other, piece)
      const taken = stageOf('take sums')
      eachView(piece, (view, from, to) => view.set(values.subarray(from, to)))
      taken(values.byteLength)
    }
  }

  /** Adds up a piece, in its place. */
  async function add(piece: Piece, { chunks, nodes }: ReplicaShare): Promise<void> {
    const parts: TreePart[] = []
    const mine = nodes[own] ?? null
    if (mine !== null) parts.push({ node: mine, values: joinRows(piece) })
    for (const other of others) {
      const node = nodes[other.replica] ?? null
      if (node !== null) parts.push({ node, values: await next(other, piece) })
    }
    const added = stageOf('add sums')
    eachView(piece, (view, from, to) => {
      const within = parts.map(({ node, values }): TreePart => ({ node, values: values.subarray(from, to) }))
      combineTree(chunks, within, view)
    })
    added(parts.length * bytesOf(piece))
  }

  return {
    begin() {
      for (const { queue } of others) queue.clear()
      awaited = null
      isDone = false
    },
    areCombined: () => isDone,
    awaited: () => awaited,
    async combine(sums, share) {
      const { piecesOf, areSent } = dealSums(sums, replicas)
      if (share.nodes[own] != null) for (const other of others) piecesOf(other.replica).forEach(other.send)
      for (const piece of piecesOf(own)) {
        await add(piece, share)
        if (areSent) for (const other of others) other.send(piece)
      }
      if (areSent) for (const other of others) await take(other, piecesOf(other.replica))
      isDone = true
    },
    fail(reason) {
      for (const { queue } of others) queue.fail(reason)
    },
  }
}

type OtherReplica = ReturnType<typeof otherReplica>

/** What comes from another replica, and what it is sent. */
function otherReplica(replica: number, stream: VectorStream, stageOf: RunStages['sums']) {
  return {
    replica,
    queue: createVectorQueue(stream.values$),
    send(piece: Piece): void {
      const sent = stageOf('send sums')
      stream.sendValues(joinRows(piece))
      sent(bytesOf(piece))
    },
  }
}

/** What each replica adds up, and whether it sends that to the others. */
function dealSums(sums: readonly Float64Array[], replicas: number) {
  const length = lengthOf(sums)
  if (replicas === 2) return { areSent: false, piecesOf: () => cut(sums, 0, length) }
  const startOf = (replica: number) => Math.floor((length * replica) / replicas)
  return { areSent: true, piecesOf: (replica: number) => cut(sums, startOf(replica), startOf(replica + 1)) }
}

/** The numbers from … to - 1 of sums, in pieces of equal length. */
function cut(sums: readonly Float64Array[], from: number, to: number): readonly Piece[] {
  const count = Math.min(Math.ceil((to - from) / PIECE), MOST_PIECES)
  const startOf = (k: number) => from + Math.floor(((to - from) * k) / count)
  return Array.from({ length: count }, (_, k) => viewsOf(sums, startOf(k), startOf(k + 1)))
}

function viewsOf(sums: readonly Float64Array[], from: number, to: number): Piece {
  const views: Float64Array[] = []
  eachView(sums, (view, start, end) => {
    const [first, last] = [Math.max(from, start), Math.min(to, end)]
    if (first < last) views.push(view.subarray(first - start, last - start))
  })
  return views
}

/** Calls with every view and where its numbers stand among those of all. */
function eachView(views: Piece, call: (view: Float64Array, from: number, to: number) => void): void {
  let from = 0
  for (const view of views) {
    call(view, from, from + view.length)
    from += view.length
  }
}

function lengthOf(views: Piece): number {
  return views.reduce((sum, { length }) => sum + length, 0)
}

function bytesOf(piece: Piece): number {
  return Float64Array.BYTES_PER_ELEMENT * lengthOf(piece)
}
