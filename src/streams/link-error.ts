import { RunError } from '../events/errors.js'

/** What can end a link, or keep it from opening. Never reworded. */
export const LINK_ERROR_CODES = [
  'LINK_ARITHMETIC_MISMATCH',
  'LINK_BROKEN',
  'LINK_CERTIFICATE',
  'LINK_CLOSED',
  'LINK_CREDIT_EXCEEDED',
  'LINK_FAILED',
  'LINK_FRAME_CORRUPT',
  'LINK_FRAME_OVERSIZED',
  'LINK_FRAME_TRUNCATED',
  'LINK_HANDSHAKE_TIMEOUT',
  'LINK_HELLO_MISSING',
  'LINK_KERNEL_MISMATCH',
  'LINK_KEY_WRONG',
  'LINK_MESSAGE_TOO_LARGE',
  'LINK_NETWORK_MISMATCH',
  'LINK_PEER_FAILED',
  'LINK_PEER_UNEXPECTED',
  'LINK_PLACEMENT_MISMATCH',
  'LINK_PROTOCOL_VERSION',
  'LINK_SEED_MISMATCH',
  'LINK_SEQUENCE',
  'LINK_SILENT',
  'LINK_STREAM_UNKNOWN',
  'LINK_TOKEN_WRONG',
  'LINK_UNREACHABLE',
] as const

export type LinkErrorCode = (typeof LINK_ERROR_CODES)[number]

/** The last spikes that came over a link. */
export interface Watermark {
  /** The emitting group. */
  readonly stream: string
  /** End of the window in ms: no spike of the group before it was still to come. */
  readonly end: number
}

export interface LinkFailure {
  readonly code: LinkErrorCode
  /** Name of the link and of the other side. */
  readonly link: string
  readonly peer: string
  /** What happened, as a clause without a full stop. */
  readonly what: string
  /** Null when no spikes have come. */
  readonly watermark: Watermark | null
  /** What to do, as an imperative sentence. */
  readonly remedy?: string
  readonly cause?: unknown
}

/** The end of a link that was not closed: names link, peer and last watermark, in its message and in `details`. */
export class LinkError extends RunError {
  static override readonly name = 'LinkError'
  declare readonly code: LinkErrorCode
  /** What happened, as a clause without a full stop. */
  readonly what: string

  constructor({ code, link, peer, what, watermark, remedy, cause }: LinkFailure) {
    const last =
      watermark === null
        ? `No spikes had come from ${peer}.`
        : `The last watermark from ${peer} was ${watermark.end} ms, of "${watermark.stream}".`
    super({
      code,
      message: `Link ${link}: ${what}. ${last}`,
      details: { link, peer, ...(watermark === null ? {} : { watermark: watermark.end, stream: watermark.stream }) },
      ...(remedy === undefined ? {} : { remedy }),
      ...(cause === undefined ? {} : { cause }),
    })
    this.what = what
  }
}
