import { FrameFault } from './frame-fault.js'

/** The emitting group of a stream; undefined where there is no such stream. */
export type NameOf = (stream: number) => string | undefined

export function nameStream(stream: number, nameOf: NameOf): string {
  const name = nameOf(stream)
  if (name === undefined) throw new FrameFault('LINK_STREAM_UNKNOWN', `there is no stream ${stream}`)
  return name
}
