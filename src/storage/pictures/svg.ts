import { InternalError } from '../../events/errors.js'

/** A piece of SVG that is already escaped. */
export interface Markup {
  readonly markup: string
}

export type Attributes = Readonly<Record<string, string | number>>

// Characters XML 1.0 has no way to write, lone surrogates among them.
const IMPOSSIBLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** An element; strings among the children are text and get escaped. */
export function element(name: string, attributes: Attributes, ...children: readonly (Markup | string)[]): Markup {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(value)}"`)
  const content = children.map((child) => (typeof child === 'string' ? escapeText(child) : child.markup)).join('')
  const open = `<${name}${written.join('')}`
  return { markup: content === '' ? `${open}/>` : `${open}>${content}</${name}>` }
}

/** Text as XML content or attribute value; what XML cannot express becomes U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(IMPOSSIBLE, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** A length or coordinate in pixels, to a hundredth. */
export function pixels(value: number): string {
  if (!Number.isFinite(value)) throw new InternalError(`A coordinate of a picture is ${value}.`)
  return String(Math.round(value * 100) / 100)
}

function attributeText(value: string | number): string {
  return typeof value === 'number' ? pixels(value) : escapeText(value)
}
