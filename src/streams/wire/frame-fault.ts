import { RunError } from '../../events/errors.js'

export type FrameFaultCode =
  | 'LINK_FRAME_CORRUPT'
  | 'LINK_FRAME_OVERSIZED'
  | 'LINK_FRAME_TRUNCATED'
  | 'LINK_MESSAGE_TOO_LARGE'
  | 'LINK_PROTOCOL_VERSION'
  | 'LINK_SEQUENCE'
  | 'LINK_STREAM_UNKNOWN'

/** A frame that cannot be right; the link it came over turns it into a `LinkError`. */
export class FrameFault extends RunError {
  static override readonly name = 'FrameFault'
  declare readonly code: FrameFaultCode

  constructor(code: FrameFaultCode, message: string, cause?: unknown) {
    super({ code, message, ...(cause === undefined ? {} : { cause }) })
  }
}

export function corrupt(message: string, cause?: unknown): FrameFault {
  return new FrameFault('LINK_FRAME_CORRUPT', message, cause)
}
