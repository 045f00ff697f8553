/** A stream of packets in a file, as its header describes it. */
export interface PacketStream {
  readonly id: number
  /** Four letters; `EVTS` are events. */
  readonly kind: string
  /** Of the camera, as texts, where they are said. */
  readonly width: string | undefined
  readonly height: string | undefined
}

/** An opening or a closing tag, with the text behind it. */
const TAG = /<(\/?)(node|attr)\b([^<>]*)>([^<]*)/g
const NAME = /\bname="([^"]*)"/
const KEY = /\bkey="([^"]*)"/

/**
 * The streams that the XML in the header of AEDAT4 tells of: below a node `outInfo` one for each, named by its number, with
 * its `typeIdentifier`, and below that a node `info` with `sizeX` and `sizeY`. All else is passed over.
 */
export function streamsIn(xml: string): readonly PacketStream[] {
  const attributes = new Map<string, Map<string, string>>()
  const open: string[] = []
  for (const [, closing = '', tag = '', inside = '', text = ''] of xml.matchAll(TAG)) {
    if (tag === 'attr' && closing === '') keep(attributes, open, KEY.exec(inside)?.[1] ?? '', text)
    else if (tag === 'node' && closing !== '') open.pop()
    else if (tag === 'node' && !inside.endsWith('/')) open.push(NAME.exec(inside)?.[1] ?? '')
  }
  return [...attributes].flatMap(([name, of]) => {
    const kind = of.get('typeIdentifier')
    if (!/^\d{1,9}$/.test(name) || kind === undefined) return []
    return [{ id: Number(name), kind, width: of.get('info.sizeX'), height: of.get('info.sizeY') }]
  })
}

function keep(attributes: Map<string, Map<string, string>>, open: readonly string[], key: string, text: string): void {
  const at = open.indexOf('outInfo')
  const [stream, ...below] = at < 0 ? [] : open.slice(at + 1)
  if (stream === undefined) return
  const of = attributes.get(stream) ?? new Map<string, string>()
  of.set([...below, key].join('.'), text.trim())
  attributes.set(stream, of)
}
