import { InputError } from '../../events/errors.js'

/** What a side takes, sends and waits for. */
export interface LinkLimits {
  /** Windows per stream that may be in flight to this side, at least 2. */
  readonly credits: number
  /** Largest payload of one frame, in bytes; larger messages are cut. */
  readonly maxFrame: number
  /** Largest message, in bytes. */
  readonly maxMessage: number
  /** Longest pause between two frames to the peer, in ms; at most a quarter of `silence`. */
  readonly heartbeat: number
  /** How long nothing may come from the peer, in ms. */
  readonly silence: number
  /** How long the handshake may take, in ms. */
  readonly patience: number
}

export const DEFAULT_LIMITS: LinkLimits = {
  credits: 8,
  maxFrame: 1 << 20,
  maxMessage: 1 << 30,
  heartbeat: 1000,
  silence: 10_000,
  patience: 10_000,
}

const RANGES: Readonly<Record<keyof LinkLimits, { readonly least: number; readonly most: number }>> = {
  credits: { least: 2, most: 1 << 16 },
  maxFrame: { least: 16, most: 1 << 30 },
  maxMessage: { least: 16, most: 2 ** 32 - 1 },
  silence: { least: 4, most: 1e9 },
  heartbeat: { least: 1, most: 1e9 },
  patience: { least: 1, most: 1e9 },
}

/**
 * The defaults and what differs from them; a heartbeat that is not given follows a shorter silence.
 *
 * @throws InputError LINK_LIMIT_OUT_OF_RANGE
 */
export function completeLimits(given: Partial<LinkLimits>): LinkLimits {
  const silence = given.silence ?? DEFAULT_LIMITS.silence
  const limits = { ...DEFAULT_LIMITS, heartbeat: Math.min(DEFAULT_LIMITS.heartbeat, silence / 4), ...given }
  for (const field of Object.keys(RANGES) as (keyof LinkLimits)[]) {
    const { least, most } = RANGES[field]
    if (!(limits[field] >= least && limits[field] <= most))
      throw outOfRange(field, limits[field], `${least} to ${most}`)
  }
  if (limits.heartbeat > silence / 4)
    throw outOfRange('heartbeat', limits.heartbeat, `at most a quarter of silence (${silence} ms)`)
  return limits
}

function outOfRange(field: string, found: number, expected: string): InputError {
  return new InputError({ code: 'LINK_LIMIT_OUT_OF_RANGE', field, found: String(found), expected })
}
