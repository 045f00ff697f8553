import type { LinkErrorCode } from '../link-error.js'
import { PROTOCOL_VERSION } from '../wire/frame.js'
import { decodeHello, type Hello, tokenOfHello } from '../wire/hello-payload.js'
import { textBytes } from '../wire/text.js'
import type { Received } from './incoming.js'
import type { LinkLimits } from './link-limits.js'
import { type LinkOptions, nameOfSide } from './link-options.js'
import { isSameSecret } from './same-secret.js'

/** Why two sides do not fit. */
export interface Refusal {
  readonly kind: 'refused'
  readonly code: LinkErrorCode
  readonly what: string
}

export interface Greeting {
  readonly kind: 'agreed'
  readonly hello: Hello
}

/** How this side introduces itself. */
export function helloOf({ token, index, peers, identity }: LinkOptions, { credits, maxFrame }: LinkLimits): Hello {
  const expected = peers !== 'any' && peers.length === 1 ? (peers[0] ?? null) : null
  return { token, index, expected, identity, credits, maxFrame }
}

/**
 * Whether the peer is the right one and computes the same thing.
 *
 * The token comes first: a peer with a wrong one learns nothing else, not even by how long it takes.
 *
 * @throws FrameFault LINK_FRAME_CORRUPT
 */
export function checkHello({ payload, version }: Received, options: LinkOptions): Greeting | Refusal {
  if (!isSameSecret(tokenOfHello(payload), textBytes(options.token)))
    return refuse('LINK_TOKEN_WRONG', 'the token of the peer is wrong')
  if (version !== PROTOCOL_VERSION)
    return differs('LINK_PROTOCOL_VERSION', 'version of the protocol', version, PROTOCOL_VERSION)
  const hello = decodeHello(payload)
  return mismatch(hello, options) ?? { kind: 'agreed', hello }
}

function mismatch({ index, expected, identity, credits, maxFrame }: Hello, options: LinkOptions): Refusal | null {
  const { identity: own, peers } = options
  if (peers !== 'any' && !peers.includes(index))
    return differs('LINK_PEER_UNEXPECTED', 'peer', nameOfSide(index), peers.map(nameOfSide).join(' or '))
  if (expected !== null && expected !== options.index)
    return differs('LINK_PEER_UNEXPECTED', 'peer that it looks for', nameOfSide(expected), nameOfSide(options.index))
  if (identity.kernel !== own.kernel) return differs('LINK_KERNEL_MISMATCH', 'kernel', identity.kernel, own.kernel)
  if (identity.arithmetic !== own.arithmetic)
    return differs('LINK_ARITHMETIC_MISMATCH', 'arithmetic version', identity.arithmetic, own.arithmetic)
  const networks = networkMismatch(identity.network, own.network)
  if (networks !== null) return networks
  if (credits < 2 || maxFrame < 1)
    return refuse('LINK_PEER_UNEXPECTED', `the peer takes ${credits} windows and frames of ${maxFrame} bytes`)
  const reason = options.refusal?.(index) ?? null
  return reason === null ? null : refuse('LINK_PEER_UNEXPECTED', reason)
}

function networkMismatch(found: Hello['identity']['network'], own: Hello['identity']['network']): Refusal | null {
  if (found === null || own === null) {
    const say = (network: object | null) => (network === null ? 'none' : 'one')
    return found === own ? null : differs('LINK_NETWORK_MISMATCH', 'network', say(found), say(own))
  }
  if (found.structureHash !== own.structureHash)
    return differs('LINK_NETWORK_MISMATCH', 'structure of the network', found.structureHash, own.structureHash)
  if (found.placementHash !== own.placementHash)
    return differs('LINK_PLACEMENT_MISMATCH', 'placement', found.placementHash, own.placementHash)
  return found.seed === own.seed ? null : differs('LINK_SEED_MISMATCH', 'seed', found.seed, own.seed)
}

function differs(code: LinkErrorCode, field: string, found: string | number, expected: string | number): Refusal {
  return refuse(code, `${field}: found ${found}, expected ${expected}`)
}

function refuse(code: LinkErrorCode, what: string): Refusal {
  return { kind: 'refused', code, what }
}
